import { Command, Option } from 'commander'
import {
  parseAmountOption,
  parseCountOption,
  parseMinerOption,
  parsePriceOption,
} from './commands/options.ts'
import { type PlanOptions, plan } from './commands/plan.ts'
import type { ExitStatus } from './errors.ts'
import { NETWORK_VERSION, stateArgument, withBufferOptions, withStateOptions } from './state-options.ts'
import type { Terminal } from './terminal.ts'

const INSTALMENT_DAYS = 7

export function planCommand(terminal: Terminal, outcome: { status: ExitStatus }): Command {
  const command = new Command('plan')
    .description(
      'the messages that wind a miner up: which sectors in which window, fee, gas, cash now and later, and what is in the way',
    )
    .addArgument(stateArgument())
    .addOption(new Option('--miner <address>', 'the miner').argParser(parseMinerOption).makeOptionMandatory())
    .addOption(
      new Option('--target <target>', "all, or back above the warning level of a protocol's rules")
        .choices(['all', 'safe'])
        .default('all'),
    )
    .addOption(
      new Option('--rules <set>', 'rule set; with terminateSectors2 its method is used').default('v18'),
    )
    .addOption(
      new Option('--rehearse', 'execute the plan on a fork of the state, and compare every predicted figure'),
    )
    .addOption(
      new Option('--instalment-days <n>', 'days between withdrawals while funds vest')
        .argParser(parseCountOption)
        .default(INSTALMENT_DAYS),
    )
    .addOption(
      new Option('--pack <name>', "the protocol whose warning level counts, for '--target safe'")
        .choices(['repl', 'glif', 'stfil', 'filliquid', 'filus'])
        .default('repl'),
    )
    .addOption(
      new Option(
        '--termination <fil>',
        'the level below which the lender terminates; a plan for a miner that is not below it is marked forced',
      ).argParser(parseAmountOption),
    )
    .addOption(new Option('--pack-params <file>', 'its parameters, as for `plimsoll packs`'))
    .addOption(
      new Option('--price <fil>', 'what a unit of the debt costs in FIL when it is bought back')
        .argParser(parsePriceOption)
        .default(parsePriceOption('1'), '1'),
    )
    .addOption(
      new Option('--network-version <n>', 'of the network that a rehearsal runs on')
        .argParser(parseCountOption)
        .default(NETWORK_VERSION),
    )
    .addHelpText(
      'after',
      `
Nothing is signed and nothing is sent. With --json the plan has every message ready to be signed, and a hash.
A rehearsal that finds a difference exits with 1.

Examples:
  plimsoll plan state.car.zst --miner f01234 --rehearse
  plimsoll plan state.car.zst --miner f01234 --outstanding "500 FIL" --termination "600 FIL"
  plimsoll plan state.car.zst --miner f01234 --rules v18+terminateSectors2 --json > plan.json
  plimsoll plan state.car.zst --miner f01234 --target safe --outstanding "500 FIL" --pack glif --pack-params packs.json
  plimsoll plan state.car.zst --miner f01234 --target safe --outstanding "500 FIL" --pack-params packs.json --price 0.9
`,
    )
  return withStateOptions(withBufferOptions(command)).action((path: string, options: PlanOptions) =>
    plan(path, options, terminal, outcome),
  )
}
