import { fail } from '@banyan/base'
import type { Context } from '../command-spec.js'
import { readSettings, settingNames, settingsForm } from '../settings.js'
import { table } from '../table.js'

/** Each setting with its value and the layer that won. */
export async function run({ arguments: { setting }, options, output }: Context): Promise<undefined> {
  const { values, origins } = await readSettings({
    flags: options,
    environment: process.env,
    project: process.cwd(),
  })
  const names = settingNames.filter((name) => setting === undefined || name === setting)
  if (names.length === 0) fail('SettingUnknown', { name: setting! })
  const settings = names.map((name) => ({
    name,
    value: values[name] ?? null,
    ...origins[name],
    description: settingsForm.shape[name].meta()?.description ?? '',
  }))
  const rows = settings.map(({ name, value, source, description }) => [
    name,
    String(value ?? ''),
    source,
    description,
  ])
  output.result({ settings }, table(['setting', 'value', 'from', 'meaning'], rows, output.paint))
}
