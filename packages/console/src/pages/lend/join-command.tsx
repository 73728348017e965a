import type { ComputeStatus } from '@banyan/local/api'
import { useState } from 'react'
import { CodeBlock } from '../../parts/code-block.js'
import { type Conditions, joinCommand } from './join-text.js'

const initial: Conditions = { isPolite: true, isAtNight: false, isOnMains: true }

const choices = [
  ['isPolite', 'While I do not use it', 'It rests while other programs use more than half of the machine.'],
  ['isAtNight', 'At night', 'It works from 22:00 to 06:30 alone.'],
  ['isOnMains', 'Not on battery', 'It rests below 60 % of the battery.'],
] as const satisfies readonly (readonly [keyof Conditions, string, string])[]

/** The command that joins, with the conditions that its owner chooses. */
export function JoinCommand({ join, services }: Pick<ComputeStatus, 'join' | 'services'>) {
  const [conditions, setConditions] = useState(initial)
  return (
    <div className="columns">
      <fieldset className="options">
        <legend className="legend">When may it work?</legend>
        {choices.map(([key, label, hint]) => (
          <label className="choice" key={key}>
            <input
              type="checkbox"
              checked={conditions[key]}
              onChange={(event) => setConditions({ ...conditions, [key]: event.target.checked })}
            />
            <span>
              {label}
              <small>{hint}</small>
            </span>
          </label>
        ))}
      </fieldset>
      <div className="section">
        <CodeBlock label="On the machine that joins" code={joinCommand(join, services, conditions)} />
        <p className="is-quiet">
          The region gives the token, in a file that only you can read. The first seconds measure the machine
          and choose how services are shut off; you are told both. Ctrl-C ends it: what was begun is finished.
        </p>
      </div>
    </div>
  )
}
