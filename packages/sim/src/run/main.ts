import { execFileSync } from 'node:child_process'
import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { type CampaignName, campaigns, isCampaign, runCampaign } from '../campaign/campaigns.js'
import { runChunks } from './pool.js'
import { addTallies, emptyTally, type Failure, type Tally } from './tally.js'

/** What `npm run sim` runs. See docs/simulation.md. */

const usage = `npm run sim -- [--campaign random|twins|twins-all|adversary|control|node|node-byzantine|
             node-versions|all] [--seeds N] [--first-seed S]
             [--nodes N] [--minutes M] [--workers W]
npm run sim -- --campaign NAME --seed S [--nodes N]    replays one scenario and prints what happens`

/** Seeds that a worker runs before it answers: about a second's work or less. */
const chunkOf = (campaign: CampaignName): number => (isOfNodes(campaign) ? 1 : 50)
/** Scenarios where neither their number nor a time is given. */
const seedsOf = (campaign: CampaignName): number => (isOfNodes(campaign) ? 50 : 1_000)
const isOfNodes = (campaign: CampaignName): boolean => campaign.startsWith('node')
const mostFailuresShown = 20

function quit(problem: string): never {
  console.error(`${problem}\n${usage}`)
  process.exit(2)
}

const { values } = parseArgs({
  options: Object.fromEntries(
    ['campaign', 'seeds', 'first-seed', 'seed', 'nodes', 'minutes', 'workers'].map((name) => [
      name,
      { type: 'string' as const },
    ]),
  ),
})

function numberOf(name: string, least: number): number | undefined {
  const text = values[name]
  if (text === undefined) return undefined
  const value = Number(text)
  if (!(value >= least) || (name !== 'minutes' && !Number.isInteger(value)))
    quit(`--${name} cannot be ${text}`)
  return value
}

function chosenCampaigns(name: string): readonly CampaignName[] {
  if (name === 'all')
    return ['random', 'twins', 'adversary', 'control', 'node', 'node-byzantine', 'node-versions']
  return isCampaign(name) ? [name] : quit(`there is no campaign ${name}`)
}

const nodes = numberOf('nodes', 4)
const nodesOption = nodes === undefined ? '' : ` --nodes ${nodes}`

function commit(): string {
  return execFileSync('git', ['describe', '--always', '--dirty'], { encoding: 'utf8' }).trim()
}

async function replay(campaign: CampaignName, seed: number): Promise<void> {
  const outcome = await runCampaign(campaign, seed, { nodes, print: (line) => console.log(line) })
  console.log(
    `trace ${outcome.hash}, ${outcome.views} views, ${outcome.steps} steps${outcome.forked ? ', a fork' : ''}`,
  )
  for (const problem of outcome.failures) console.error(`FAILED: ${problem}`)
  process.exitCode = outcome.failures.length > 0 ? 1 : 0
}

function showFailure(campaign: CampaignName, { seed, problems }: Failure, at: string): void {
  console.error(`FAILED: ${problems[0]}`)
  console.error(
    `  seed ${seed}, commit ${at}, npm run sim -- --campaign ${campaign} --seed ${seed}${nodesOption}`,
  )
}

function describe(campaign: CampaignName, firstSeed: number, tally: Tally, seconds: number): string {
  const { scenarios, views, milliseconds, forks, failures } = tally
  const hours = (milliseconds / 3_600_000).toFixed(1)
  const speed = (scenarios / seconds).toFixed(isOfNodes(campaign) ? 1 : 0)
  return (
    `${campaign.padEnd(14)} ${scenarios} scenarios from seed ${firstSeed}, ${speed}/s, ` +
    `${views} views, ${hours} virtual hours, ${forks} forks, ${failures.length} failed`
  )
}

async function explore(names: readonly CampaignName[]): Promise<void> {
  const minutes = numberOf('minutes', 0)
  const wanted = numberOf('seeds', 1) ?? (minutes === undefined ? undefined : Number.MAX_SAFE_INTEGER)
  const firstSeed = numberOf('first-seed', 0) ?? 1
  const cores = cpus().length
  const workers = Math.min(numberOf('workers', 1) ?? (minutes === undefined ? 1 : cores), cores)
  const at = commit()
  let failed = 0
  for (const campaign of names) {
    const start = performance.now()
    const end = start + ((minutes ?? Infinity) * 60_000) / names.length
    const seeds = wanted ?? seedsOf(campaign)
    let given = 0
    let shown = start
    let total = emptyTally
    const seconds = (): number => (performance.now() - start) / 1_000
    await runChunks(
      workers,
      () => {
        if (given >= seeds || performance.now() > end || total.failures.length >= mostFailuresShown)
          return undefined
        const count = Math.min(chunkOf(campaign), seeds - given)
        given += count
        return { campaign, first: firstSeed + given - count, count, nodes }
      },
      (_, tally) => {
        for (const failure of tally.failures) showFailure(campaign, failure, at)
        total = addTallies(total, tally)
        if (performance.now() - shown < 10_000) return
        shown = performance.now()
        console.log(describe(campaign, firstSeed, total, seconds()))
      },
    )
    console.log(describe(campaign, firstSeed, total, seconds()))
    failed += total.failures.length
  }
  console.log(
    failed === 0 ? `Nothing failed at commit ${at}.` : `${failed} scenarios failed at commit ${at}.`,
  )
  process.exitCode = failed === 0 ? 0 : 1
}

const name = values['campaign'] ?? 'all'
const seed = numberOf('seed', 0)
if (seed === undefined) await explore(chosenCampaigns(name))
else if (isCampaign(name)) await replay(name, seed)
else quit(`--seed needs --campaign, one of ${Object.keys(campaigns).join(', ')}`)
