import blends from '@banyan/darkroom/gallery/blends.jpg'
import card from '@banyan/darkroom/gallery/card.jpg'
import contact from '@banyan/darkroom/gallery/contact.png'
import duotone from '@banyan/darkroom/gallery/duotone.jpg'
import fewColors from '@banyan/darkroom/gallery/few-colors.png'
import newsprint from '@banyan/darkroom/gallery/newsprint.png'
import page from '@banyan/darkroom/gallery/page.png'
import poster from '@banyan/darkroom/gallery/poster.jpg'
import recolor from '@banyan/darkroom/gallery/recolor.png'
import snapshot from '@banyan/darkroom/gallery/snapshot.png'
import spin from '@banyan/darkroom/gallery/spin.gif'
import spotlight from '@banyan/darkroom/gallery/spotlight.jpg'
import emblem from '@banyan/darkroom/samples/emblem.svg'
import marbles from '@banyan/darkroom/samples/marbles.jpg'
import moon from '@banyan/darkroom/samples/moon.gif'
import ridges from '@banyan/darkroom/samples/ridges.jpg'
import blendsScript from '@banyan/darkroom/scripts/blends.darkroom?raw'
import cardScript from '@banyan/darkroom/scripts/card.darkroom?raw'
import contactScript from '@banyan/darkroom/scripts/contact.darkroom?raw'
import duotoneScript from '@banyan/darkroom/scripts/duotone.darkroom?raw'
import newsprintScript from '@banyan/darkroom/scripts/newsprint.darkroom?raw'
import pageScript from '@banyan/darkroom/scripts/page.darkroom?raw'
import posterScript from '@banyan/darkroom/scripts/poster.darkroom?raw'
import recolorScript from '@banyan/darkroom/scripts/recolor.darkroom?raw'
import snapshotScript from '@banyan/darkroom/scripts/snapshot.darkroom?raw'
import spinScript from '@banyan/darkroom/scripts/spin.darkroom?raw'
import spotlightScript from '@banyan/darkroom/scripts/spotlight.darkroom?raw'

/** A picture that Darkroom comes with, by its name there. The letter is a document, which browsers show as no picture. */
export type Sample = { readonly name: string; readonly picture: string | undefined }

const sampleRidges: Sample = { name: 'ridges.jpg', picture: ridges }
const sampleMarbles: Sample = { name: 'marbles.jpg', picture: marbles }
const sampleEmblem: Sample = { name: 'emblem.svg', picture: emblem }
const sampleMoon: Sample = { name: 'moon.gif', picture: moon }
const sampleLetter: Sample = { name: 'letter.pdf', picture: undefined }

export const samples: readonly Sample[] = [
  sampleRidges,
  sampleMarbles,
  sampleEmblem,
  sampleMoon,
  sampleLetter,
]

export type GalleryItem = {
  readonly title: string
  readonly inputs: readonly Sample[]
  /** Name of the script, and its text. */
  readonly script: string
  readonly text: string
  /** Values of its parameters, as in the address of a request. */
  readonly values: string
  /** What it makes, as it lies beside the script: apps/darkroom/gallery. */
  readonly result: string
}

export const galleryItems: readonly GalleryItem[] = [
  {
    title: 'Two inks',
    inputs: [sampleRidges],
    script: 'duotone',
    text: duotoneScript,
    values: 'source=sample:ridges.jpg',
    result: duotone,
  },
  {
    title: 'A print with its shadow',
    inputs: [sampleMarbles],
    script: 'snapshot',
    text: snapshotScript,
    values: 'source=sample:marbles.jpg&caption=Marbles, May',
    result: snapshot,
  },
  {
    title: 'A poster',
    inputs: [sampleRidges],
    script: 'poster',
    text: posterScript,
    values: 'source=sample:ridges.jpg',
    result: poster,
  },
  {
    title: 'A card of layers',
    inputs: [sampleRidges, sampleEmblem],
    script: 'card',
    text: cardScript,
    values: 'source=sample:ridges.jpg',
    result: card,
  },
  {
    title: 'Colour where one looks',
    inputs: [sampleMarbles],
    script: 'spotlight',
    text: spotlightScript,
    values: 'source=sample:marbles.jpg',
    result: spotlight,
  },
  {
    title: 'Newsprint',
    inputs: [sampleRidges],
    script: 'newsprint',
    text: newsprintScript,
    values: 'source=sample:ridges.jpg',
    result: newsprint,
  },
  {
    title: 'Twenty-four colours',
    inputs: [sampleMarbles],
    script: 'newsprint',
    text: newsprintScript,
    values: 'source=sample:marbles.jpg&palette=best&dither=6',
    result: fewColors,
  },
  {
    title: 'An animation',
    inputs: [sampleEmblem],
    script: 'spin',
    text: spinScript,
    values: 'source=sample:emblem.svg',
    result: spin,
  },
  {
    title: 'A contact sheet',
    inputs: samples,
    script: 'contact',
    text: contactScript,
    values: `args=${['ridges.jpg', 'marbles.jpg', 'emblem.svg', 'letter.pdf', 'moon.gif'].map((name) => `sample:${name}`).join(',')}`,
    result: contact,
  },
  {
    title: 'A colour replaced',
    inputs: [sampleEmblem],
    script: 'recolor',
    text: recolorScript,
    values: 'source=sample:emblem.svg&from=#12474a&to=#7b2d26',
    result: recolor,
  },
  {
    title: 'A page of a document',
    inputs: [sampleLetter],
    script: 'page',
    text: pageScript,
    values: 'source=sample:letter.pdf&number=1&dpi=72',
    result: page,
  },
  {
    title: 'All blend modes',
    inputs: [sampleRidges, sampleMarbles],
    script: 'blends',
    text: blendsScript,
    values: '',
    result: blends,
  },
]
