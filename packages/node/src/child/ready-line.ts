import { readyMessage } from '@banyan/program'
import { z } from 'zod'

/** What `banyan-node run` logs once its APIs answer: all that others need to reach it. */
const readyForm = z.object({
  rpc: z.string(),
  admin: z.string(),
  p2p: z.array(z.string()).readonly(),
  peerId: z.string(),
  role: z.string(),
  height: z.int(),
  chainId: z.number(),
  genesisId: z.templateLiteral(['0x', z.string()]),
  version: z.string(),
  pid: z.int(),
})

export type ReadyLine = z.output<typeof readyForm>

/** The ready line in this line of a log, if it is one. */
export function readReadyLine(line: string): ReadyLine | undefined {
  if (!line.endsWith(`"msg":"${readyMessage}"}`)) return undefined
  const parsed = readyForm.safeParse(JSON.parse(line))
  return parsed.success ? parsed.data : undefined
}
