import {
  type Environment,
  type Flags,
  lifeOptions,
  optionTable as makeTable,
  optionRowsOf,
  readOptions as read,
} from '@banyan/program/options'
import { z } from 'zod'

/** Options of the gateway, for the help of the command and the table in docs/gateway.md too. */

const list = z.array(z.string())
const count = z.int().min(1)

export const runOptions = z.strictObject({
  host: z.string().default('127.0.0.1').meta({ description: 'Address to listen on' }),
  port: z
    .int()
    .min(0)
    .max(65_535)
    .default(1883)
    .meta({ description: 'Port for MQTT, HTTP and WebSocket; 0 takes a free one' }),
  topics: z.string().optional().meta({
    description: 'JSON file with the classes of topics; without it all topics are events',
  }),
  access: z.string().optional().meta({
    description: 'JSON file with keys and rights; without it everybody on this machine may do everything',
  }),
  folder: z.string().optional().meta({
    description:
      'Folder for an authority and certificates of its own, which are made: TLS without a certificate of others',
  }),
  certificate: z
    .string()
    .optional()
    .meta({ description: 'PEM file with the certificate chain, for TLS 1.3' }),
  privateKey: z.string().optional().meta({ description: 'PEM file with its private key' }),
  names: list
    .default([])
    .meta({ description: 'Host names besides those of this machine by which it is reached' }),
  origins: list
    .default([])
    .meta({ description: 'Origins of pages besides those of this machine that may use it' }),
  connections: count.default(50_000).meta({ description: 'Connections at a time' }),
  payloadBytes: count
    .max(1 << 26)
    .default(1 << 20)
    .meta({ description: 'Largest payload of a message, bytes' }),
  values: count.default(1_000_000).meta({ description: 'Topics that have a last value' }),
  valueBytes: count.default(1 << 29).meta({ description: 'Size of all last values together, bytes' }),
  ...lifeOptions,
})

export type RunOptions = z.output<typeof runOptions>

export const optionRows = optionRowsOf(runOptions, 'BANYAN_GATEWAY_')

/** The table of docs/gateway.md. */
export function optionTable(): string {
  return makeTable(optionRows, {
    flag: ({ flag }) => `\`${flag}\``,
    environment: ({ variable }) => `\`${variable}\``,
    default: ({ fallback }) => fallback || 'none',
    meaning: ({ description }) => description,
  })
}

/** Options from flags, then environment variables, then defaults. Error: OptionInvalid. */
export function readOptions(flags: Flags, environment: Environment): RunOptions {
  return read(runOptions, optionRows, flags, environment)
}
