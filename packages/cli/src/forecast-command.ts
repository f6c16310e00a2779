import { Command, Option } from 'commander'
import { type ForecastOptions, forecastCommand } from './commands/forecast.ts'
import {
  parseAmountOption,
  parseCountOption,
  parseMinerOption,
  parsePercentOption,
} from './commands/options.ts'
import type { ExitStatus } from './errors.ts'
import { NETWORK_VERSION, stateArgument, withStateOptions } from './state-options.ts'
import type { Terminal } from './terminal.ts'

export function forecastCommandOf(terminal: Terminal, onStatus: (status: ExitStatus) => void): Command {
  const command = new Command('forecast')
    .description(
      'when a miner crosses a level, and what cures it, on the path of the actors themselves; exits with 0 when none is crossed, 3 for a warning or a miner without a claim, 4 for a termination',
    )
    .addArgument(stateArgument())
    .addOption(new Option('--miner <address>', 'the miner').argParser(parseMinerOption))
    .addOption(
      new Option('--portfolio <file>', 'the miners of a portfolio, with outstanding and levels of each'),
    )
    .addOption(
      new Option('--outstanding <fil>', 'minted against the miner and not burned').argParser(
        parseAmountOption,
      ),
    )
    .addOption(
      new Option(
        '--passive-mint <fil>',
        'what a passive mint adds to the outstanding at the end of each day',
      ).argParser(parseAmountOption),
    )
    .addOption(
      new Option(
        '--interest <percent>',
        'simple interest a year on the outstanding of the first day',
      ).argParser(parsePercentOption),
    )
    .addOption(
      new Option('--warning <fil>', 'the lender warns when the eligible asset is below').argParser(
        parseAmountOption,
      ),
    )
    .addOption(
      new Option('--termination <fil>', 'the lender terminates when the eligible asset is below').argParser(
        parseAmountOption,
      ),
    )
    .addOption(new Option('--scenario <file>', 'JSON file of what happens; see `plimsoll scenario`'))
    .addOption(new Option('--days <n>', 'how long it runs (default: 30)').argParser(parseCountOption))
    .addOption(
      new Option('--operator <model>', 'what the operator does (default: proves)').choices([
        'proves',
        'stops',
      ]),
    )
    .addOption(new Option('--rules <set>', 'rule set; see `plimsoll rules`').default('v18'))
    .addOption(
      new Option('--network-version <n>', 'of the network')
        .argParser(parseCountOption)
        .default(NETWORK_VERSION),
    )
    .addOption(
      new Option('--circulating-supply <fil>', 'FIL in circulation, where something is pledged').argParser(
        parseAmountOption,
      ),
    )
    .addHelpText(
      'after',
      `
After n epochs, outstanding + passive mint · ⌊n / 2880⌋ + ⌈outstanding · interest · n / (365 · 2880)⌉ is outstanding, to the attoFIL
on the actors' path and in closed form; a level is crossed in the epoch in which that takes the eligible asset below it.

Examples:
  plimsoll forecast state.car.zst --miner f01234 --operator stops --warning "900 FIL" --termination "600 FIL"
  plimsoll forecast state.car.zst --portfolio loans.json --days 60 --json
  plimsoll forecast state.car.zst --miner f01234 --outstanding "500 FIL" --passive-mint "0.1 FIL" --interest "8.5 %" --warning "900 FIL"
  plimsoll forecast state.car.zst --miner f01234 --scenario bad-week.json
`,
    )
  return withStateOptions(command).action(async (path: string, options: ForecastOptions) => {
    onStatus(await forecastCommand(path, options, terminal))
  })
}
