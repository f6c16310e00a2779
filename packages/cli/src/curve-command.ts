import { EPOCHS_IN_DAY } from '@plimsoll/primitives'
import { ESTIMATE_PATHS } from '@plimsoll/risk'
import { Command, Option } from 'commander'
import { CURVE_DAYS, type CurveOptions, curve } from './commands/curve.ts'
import { parseCountOption, parseEpochOption, parseMinerOption } from './commands/options.ts'
import { stateArgument, withStateOptions } from './state-options.ts'
import type { Terminal } from './terminal.ts'

export function curveCommand(terminal: Terminal): Command {
  const command = new Command('curve')
    .description(
      "what leaving costs at every epoch: the exact fee of today's sectors and of those left, and the cheapest day",
    )
    .addArgument(stateArgument())
    .addOption(new Option('--miner <address>', 'the miner').argParser(parseMinerOption).makeOptionMandatory())
    .addOption(
      new Option('--from <epoch>', 'first epoch (default: the next one)').argParser(parseEpochOption),
    )
    .addOption(
      new Option('--to <epoch>', `last epoch (default: ${CURVE_DAYS} days later)`).argParser(
        parseEpochOption,
      ),
    )
    .addOption(
      new Option('--step <n>', 'epochs from one point to the next')
        .argParser(parseCountOption)
        .default(EPOCHS_IN_DAY),
    )
    .addOption(
      new Option('--estimates <path>', "the network's estimates: today's, or moved on by their velocity")
        .choices(ESTIMATE_PATHS)
        .default('held'),
    )
    .addOption(new Option('--csv', 'print CSV, a record for every point, amounts in attoFIL'))
    .addHelpText(
      'after',
      `
Examples:
  plimsoll curve state.car.zst --miner f01234
  plimsoll curve state.car.zst --miner f01234 --from 6200000 --to 6400000 --step 720 --json
  plimsoll curve state.car.zst --miner f01234 --step 1 --csv > curve.csv
`,
    )
  return withStateOptions(command).action((path: string, options: CurveOptions) =>
    curve(path, options, terminal),
  )
}
