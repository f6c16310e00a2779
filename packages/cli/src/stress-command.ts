import { Command, Option } from 'commander'
import { parseCountOption } from './commands/options.ts'
import { type StressOptions, stress } from './commands/stress.ts'
import type { ExitStatus } from './errors.ts'
import { stateArgument, withStateOptions } from './state-options.ts'
import type { Terminal } from './terminal.ts'

export function stressCommandOf(terminal: Terminal, onStatus: (status: ExitStatus) => void): Command {
  const command = new Command('stress')
    .description(
      'the miners of a portfolio under shocks: who breaks, whom that takes along, and what is lost; exits with 0 when nobody crosses a level, 3 for a warning, 4 for a termination',
    )
    .addArgument(stateArgument())
    .addOption(
      new Option(
        '--portfolio <file>',
        'the miners, with outstanding, levels and cluster of each',
      ).makeOptionMandatory(),
    )
    .addOption(
      new Option(
        '--scenario <file>',
        'JSON file of the shocks; an example ships as examples/stress.json',
      ).makeOptionMandatory(),
    )
    .addOption(
      new Option('--seed <n>', 'of the draws, and of which sectors fail')
        .argParser(parseCountOption)
        .default(1),
    )
    .addHelpText(
      'after',
      `
Examples:
  plimsoll stress state.car.zst --portfolio loans.json --scenario shocks.json
  plimsoll stress --portfolio examples/portfolio.json --scenario examples/stress.json --seed 7 --json
`,
    )
  return withStateOptions(command).action(async (path: string, options: StressOptions) => {
    onStatus(await stress(path, options, terminal))
  })
}
