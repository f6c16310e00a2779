import { Argument, type Command, Option } from 'commander'
import {
  parseAmountOption,
  parseBufferVersionOption,
  parseCountOption,
  parseEpochOption,
} from './commands/options.ts'
import { DEMO_STATE } from './demo.ts'

/** The state that a command reads. */
export function stateArgument(): Argument {
  return new Argument('[state]', 'CAR of a state, plain or compressed with gzip or zstd').default(
    DEMO_STATE,
    'a small state that ships with the program',
  )
}

/** What every command that reads a state can be told. */
export function withStateOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--epoch <n>', 'epoch that the figures are for (default: the next one)').argParser(
        parseEpochOption,
      ),
    )
    .addOption(
      new Option('--actors-version <n>', 'version of the actors, where the code CIDs do not tell').argParser(
        parseCountOption,
      ),
    )
    .addOption(
      new Option(
        '--max-age <epochs>',
        'refuse a state that is older, counted from --head: 2880 epochs are a day',
      ).argParser(parseCountOption),
    )
    .addOption(new Option('--head <epoch>', 'where the chain is now').argParser(parseEpochOption))
    .addOption(new Option('--json', 'print JSON, amounts as decimal strings of attoFIL'))
}

/** What stands against a miner beside the state. */
export function withBufferOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--buffer-days <n>', 'buffer: that many days of slashing').argParser(parseCountOption),
    )
    .addOption(
      new Option(
        '--buffer-version <n>',
        'how days of slashing are counted: 1, at the state’s estimates (default); 2, extrapolated day by day',
      ).argParser(parseBufferVersionOption),
    )
    .addOption(
      new Option('--buffer <fil>', 'buffer: an amount, such as "12.5 FIL"').argParser(parseAmountOption),
    )
    .addOption(
      new Option('--outstanding <fil>', 'minted against the miner and not burned').argParser(
        parseAmountOption,
      ),
    )
}

/** The network version that a run is in unless it is told another: that of actors v18. */
export const NETWORK_VERSION = 28
