import type { Template } from './create.js'

const server = `package main

import (
	"encoding/json"
	"io"
	"log"
	"net/http"
	"os"
	"strings"
	"unicode/utf8"
)

// A DService is an HTTP server on the port that the network gives it. It keeps nothing between requests.
func main() {
	http.HandleFunc("/health", func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "ok") })
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		text, err := io.ReadAll(r.Body)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		json.NewEncoder(w).Encode(map[string]int{
			"characters": utf8.RuneCount(text),
			"words":      len(strings.Fields(string(text))),
		})
	})
	log.Fatal(http.ListenAndServe("127.0.0.1:"+os.Getenv("PORT"), nil))
}
`

/** A server in Go that counts words, built as one static file. */
export const goTemplate: Template = (name) => ({
  manifest: {
    format: 1,
    name,
    version: '0.1.0',
    description: 'Counts the words of a text.',
    platform: process.arch === 'arm64' ? 'linux-arm64' : 'linux-x64',
    // Without cgo's resolver nothing is linked to libraries of this machine; without paths and stamps two builds are equal.
    build: ['go', 'build', '-trimpath', '-buildvcs=false', '-tags=netgo,osusergo', '-o', 'bin/server', '.'],
    files: ['bin'],
    command: ['./bin/server'],
    concurrency: 32,
    memoryMiB: 64,
  },
  files: {
    'main.go': server,
    'go.mod': `module ${name}\n\ngo 1.19\n`,
    '.gitignore': 'bin\n*.tar.gz\n*.release.json\n',
  },
  next: ['banyan dservice dev', 'curl --data "one two three" http://127.0.0.1:4480/'],
})
