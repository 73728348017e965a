import type { ArgumentSpec, CommandSpec } from '../command-spec.js'

const folder: ArgumentSpec = {
  name: 'folder',
  description: 'Folder with dservice.json; without it, this one',
  isOptional: true,
}
const release: ArgumentSpec = { name: 'release', description: 'The .release.json that `package` wrote' }

/** Commands for those who make DServices. */
export const dserviceCommands: readonly CommandSpec[] = [
  {
    words: ['dservice', 'create'],
    group: 'Computing',
    summary: 'Make a small DService that works',
    examples: ['banyan dservice create word-counter', 'banyan dservice create word-counter --template go'],
    arguments: [{ name: 'name', description: 'Its name and folder: small letters, digits and dashes' }],
    options: [
      {
        name: 'template',
        value: 'language',
        description: 'What it is written in',
        choices: ['typescript', 'go'],
        fallback: 'typescript',
      },
    ],
    settings: [],
    exits: ['conflict', 'limit'],
    load: () => import('./dservice-create.js'),
  },
  {
    words: ['dservice', 'dev'],
    group: 'Computing',
    summary: 'Run a DService here, show its requests, and start it anew when a file changes',
    examples: ['banyan dservice dev', 'banyan dservice dev ./word-counter --listen 4480'],
    arguments: [folder],
    options: [
      { name: 'listen', value: 'port', description: 'Port on this machine; 0 for any', fallback: '4480' },
    ],
    settings: [],
    exits: ['interrupted'],
    isStream: true,
    load: () => import('./dservice-dev.js'),
  },
  {
    words: ['dservice', 'package'],
    group: 'Computing',
    summary: 'Build a DService and pack it, the same bytes each time',
    examples: ['banyan dservice package'],
    arguments: [folder],
    settings: [],
    exits: ['limit'],
    load: () => import('./dservice-package.js'),
  },
  {
    words: ['dservice', 'sign'],
    group: 'Computing',
    summary: 'Sign a release as its developer, or certify it as an authority',
    examples: [
      'banyan dservice sign word-counter@0.1.0.release.json --account mine',
      'banyan dservice sign word-counter@0.1.0.release.json --role authority --account board',
    ],
    arguments: [release],
    options: [
      {
        name: 'role',
        value: 'role',
        description: 'As whom',
        choices: ['developer', 'authority'],
        fallback: 'developer',
      },
    ],
    settings: ['account'],
    exits: ['notFound', 'refused'],
    load: () => import('./dservice-sign.js'),
  },
  {
    words: ['dservice', 'publish'],
    group: 'Computing',
    summary: 'Put a signed release and its package into a registry',
    examples: ['banyan dservice publish word-counter@0.1.0.release.json --registry ./registry'],
    arguments: [release],
    options: [
      {
        name: 'registry',
        value: 'folder',
        description: 'Folder of the registry, which a web server may serve',
        fallback: './registry',
      },
    ],
    settings: [],
    exits: ['notFound', 'conflict'],
    load: () => import('./dservice-publish.js'),
  },
]
