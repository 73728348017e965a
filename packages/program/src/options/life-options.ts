import { z } from 'zod'

/** Options that every program has which lives by `runProgram`. */
export const lifeOptions = {
  logLevel: z
    .enum(['debug', 'info', 'warn', 'error'])
    .default('info')
    .meta({ description: 'Least level of what is logged' }),
  stopTimeout: z
    .int()
    .min(1)
    .max(600_000)
    .default(10_000)
    .meta({ description: 'Time to stop in before the process ends anyway, ms' }),
  stopWithParent: z
    .boolean()
    .default(false)
    .meta({ description: 'Stop when standard input ends or the parent process disconnects' }),
} as const
