import { z } from 'zod'
import type { Picture } from '../picture/picture.js'

/** A file of a Zip. */
export type Entry = { readonly name: string; readonly bytes: Buffer }

export type Saved = { readonly bytes: Buffer; readonly type: string }

/** What operations may use of the request that they work for. */
export type Job = {
  /** Fetches an input and gives the path of its bytes. Errors: InputRefused, InputFailed, InputTooLarge. */
  readonly fetch: (name: string) => Promise<string>
  /** Fails with PictureTooLarge. */
  readonly admit: (what: string, pixels: number) => void
  readonly limits: { readonly pixels: number; readonly pages: number }
  /** The picture of a Media. Errors: MediaEmpty. */
  readonly picture: (id: number) => Picture
  readonly setPicture: (id: number, picture: Picture) => void
  /** A new Media with this picture, as the script receives it. */
  readonly make: (picture: Picture) => unknown
  readonly entries: (id: number) => readonly Entry[]
  readonly addEntry: (id: number, entry: Entry) => void
  /** Sets the answer of the request. */
  readonly answer: (saved: Saved) => void
  /** The format that the client likes best. Asking makes the answer depend on its Accept header. */
  readonly bestFormat: () => 'avif' | 'webp' | 'jpeg'
  /** Saves no file but looks at what would be saved; `undefined` where the whole file is wanted. */
  readonly probe: ((picture: Picture, encoding: unknown) => Promise<void>) | undefined
}

/** A reference to another Media. */
export const mediaArgument = z.strictObject({ $media: z.int() }).meta({ title: 'a Media' })
export type MediaArgument = z.infer<typeof mediaArgument>

export type Operation = {
  readonly name: string
  /** Its class. */
  readonly on: 'Media' | 'Zip'
  /** One sentence for people. */
  readonly about: string
  readonly args: z.ZodObject
  /** Gives a value to the script; otherwise the object itself, so that calls can be chained. */
  readonly answers: boolean
  readonly run: (job: Job, own: number, args: never) => Promise<unknown>
}

type Definition<Shape extends z.ZodRawShape> = {
  readonly name: string
  readonly about: string
  readonly args: Shape
}

/** An operation that gives a Media another picture. */
export function changing<Shape extends z.ZodRawShape>(
  definition: Definition<Shape>,
  change: (picture: Picture, args: z.infer<z.ZodObject<Shape>>, job: Job) => Picture | Promise<Picture>,
): Operation {
  return {
    ...definition,
    on: 'Media',
    args: z.strictObject(definition.args),
    answers: false,
    run: async (job, own, args) => job.setPicture(own, await change(job.picture(own), args, job)),
  }
}

/** An operation that tells the script something about a Media, or makes another of it. */
export function telling<Shape extends z.ZodRawShape>(
  definition: Definition<Shape>,
  tell: (picture: Picture, args: z.infer<z.ZodObject<Shape>>, job: Job) => unknown,
): Operation {
  return {
    ...definition,
    on: 'Media',
    args: z.strictObject(definition.args),
    answers: true,
    run: async (job, own, args) => tell(job.picture(own), args, job),
  }
}

/** An operation of any other kind. */
export function plain<Shape extends z.ZodRawShape>(
  definition: Definition<Shape> & Pick<Operation, 'on' | 'answers'>,
  run: (job: Job, own: number, args: z.infer<z.ZodObject<Shape>>) => Promise<unknown>,
): Operation {
  return { ...definition, args: z.strictObject(definition.args), run: run as Operation['run'] }
}

/** Longest side of any picture. */
export const maxSide = 30_000

export const sideArgument = z.int().min(1).max(maxSide)
export const placeArgument = z.int().min(-maxSide).max(maxSide)

/** A length in pixels, or a text such as `50%` of what was there. */
export const lengthArgument = z.union([sideArgument, z.string().regex(/^\d{1,4}(\.\d{1,2})?%$/)])

export function lengthOf(length: number | string, whole: number): number {
  if (typeof length === 'number') return length
  return Math.min(maxSide, Math.max(1, Math.round((whole * Number.parseFloat(length)) / 100)))
}
