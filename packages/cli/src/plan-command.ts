import { Command, Option } from 'commander'
import {
  parseAmountOption,
  parseCountOption,
  parseMinerOption,
  parsePriceOption,
} from './commands/options.ts'
import { type PlanOptions, plan } from './commands/plan.ts'
import { type RehearseOptions, rehearse } from './commands/rehearse.ts'
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
      new Option(
        '--pack <name>',
        "whose warning level counts, for '--target safe': repl, glif, stfil, filliquid, filus, or rules of your own by their name in --pack-params",
      ).default('repl'),
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
  plimsoll plan state.car.zst --miner f01234 --target safe --outstanding "500 FIL" --pack "house rules" --pack-params packs.json
`,
    )
  return withStateOptions(withBufferOptions(command)).action((path: string, options: PlanOptions) =>
    plan(path, options, terminal, outcome),
  )
}

export function rehearseCommand(terminal: Terminal, outcome: { status: ExitStatus }): Command {
  const command = new Command('rehearse')
    .description('a saved plan, carried out on a fork of the state that it was made for')
    .addArgument(stateArgument())
    .addOption(new Option('--plan <file>', 'what `plimsoll plan --json` printed').makeOptionMandatory())
    .addOption(
      new Option('--network-version <n>', 'of the network that the rehearsal runs on')
        .argParser(parseCountOption)
        .default(NETWORK_VERSION),
    )
    .addHelpText(
      'after',
      `
A plan fits the state and the epoch that it was made for. One that was changed since, or that is for another state, is refused
with exit status 2: what it says would come of its messages is not known any more. A difference exits with 1.

Examples:
  plimsoll plan state.car.zst --miner f01234 --json > plan.json
  plimsoll rehearse state.car.zst --plan plan.json
  plimsoll rehearse state.car.zst --plan plan.json --json
`,
    )
  return withStateOptions(command).action((path: string, options: RehearseOptions) =>
    rehearse(path, options, terminal, outcome),
  )
}
