import { Argument, Command, Option } from 'commander'
import { type BacktestOptions, backtestCommand } from './commands/backtest.ts'
import { parseAmountOption, parseCountOption, parseMinerOption } from './commands/options.ts'
import { NETWORK_VERSION } from './state-options.ts'
import type { Terminal } from './terminal.ts'

export function backtestCommandOf(terminal: Terminal): Command {
  return new Command('backtest')
    .description(
      'a forecast from one state to the epoch of a later one, and every difference explained by terms',
    )
    .addArgument(new Argument('<first>', 'CAR of the state that the forecast begins with'))
    .addArgument(new Argument('<second>', 'CAR of a later state of the same network'))
    .addOption(
      new Option('--miner <address>', 'one miner in full (default: all that both states have)').argParser(
        parseMinerOption,
      ),
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
    .addOption(
      new Option('--actors-version <n>', 'version of the actors, where the code CIDs do not tell').argParser(
        parseCountOption,
      ),
    )
    .addOption(new Option('--json', 'print JSON, amounts as decimal strings of attoFIL'))
    .addHelpText(
      'after',
      `
A difference is no failure: the exit status is 0 whenever the states could be compared.

Examples:
  plimsoll backtest monday.car.zst friday.car.zst
  plimsoll backtest monday.car.zst friday.car.zst --miner f01234
  plimsoll backtest monday.car.zst friday.car.zst --json > backtest.json
`,
    )
    .action((first: string, second: string, options: BacktestOptions) =>
      backtestCommand(first, second, options, terminal),
    )
}
