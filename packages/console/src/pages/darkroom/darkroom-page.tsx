import { Link } from '@tanstack/react-router'
import { useRef, useState } from 'react'
import { Page, Section } from '../../parts/page.js'
import { WithCompute } from '../../parts/with-compute.js'
import { Editor } from './editor.js'
import { Gallery } from './gallery.js'
import { type GalleryItem, galleryItems } from './gallery-items.js'

/** What scripts of Darkroom make out of pictures, and a place to write one. */
export function DarkroomPage() {
  const [opened, setOpened] = useState(galleryItems[0]!)
  const editor = useRef<HTMLDivElement>(null)
  const open = (item: GalleryItem) => {
    setOpened(item)
    editor.current?.scrollIntoView({ block: 'start' })
    editor.current?.focus({ preventScroll: true })
  }
  return (
    <Page
      title="Pictures by short scripts"
      tab="Darkroom"
      crumb={<Link to="/compute">Compute</Link>}
      lead="Darkroom is a service that miners run. A script says what is done, with arguments that have names; the same request gives the same bytes on every machine."
      actions={
        <Link to="/docs/$" params={{ _splat: 'darkroom' }} className="button is-small">
          All operations
        </Link>
      }
    >
      <div ref={editor} tabIndex={-1} className="anchor">
        <Section title="Write a script">
          <WithCompute>
            {() => (
              <Editor key={opened.title} text={opened.text} values={opened.values} name={opened.script} />
            )}
          </WithCompute>
        </Section>
      </div>
      <Section title="Gallery">
        <Gallery onOpen={open} />
      </Section>
    </Page>
  )
}
