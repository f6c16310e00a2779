import type { ActorId } from '@plimsoll/primitives'
import { Command, Option } from 'commander'
import { type CompareOptions, compare } from './commands/compare.ts'
import { parseAmountOption, parseCountOption, parseMinerOption } from './commands/options.ts'
import { type RulesOptions, rules, scenario } from './commands/rules.ts'
import { NETWORK_VERSION, stateArgument, withStateOptions } from './state-options.ts'
import type { Terminal } from './terminal.ts'

/** The rule sets that are compared unless others are named. */
const DEFAULT_RULES = 'v18,v18+fip0006,v18+terminateSectors2,v18+sdm:fip0036'

export function compareCommand(terminal: Terminal): Command {
  const command = new Command('compare')
    .description(
      'the same state and the same messages under several rule sets, with the differences side by side',
    )
    .addArgument(stateArgument())
    .addOption(
      new Option('--rules <list>', 'rule sets, separated by commas; see `plimsoll rules`').default(
        DEFAULT_RULES,
      ),
    )
    .addOption(new Option('--scenario <file>', 'JSON file of what happens; see `plimsoll scenario`'))
    .addOption(new Option('--days <n>', 'how long it runs (default: 30)').argParser(parseCountOption))
    .addOption(
      new Option('--operator <model>', 'what the operators do (default: proves)').choices([
        'proves',
        'stops',
      ]),
    )
    .addOption(
      new Option('--background <model>', 'what the rest of the network does (default: frozen)').choices([
        'frozen',
        'full',
      ]),
    )
    .addOption(
      new Option('--miner <address>', 'look at this miner; may be given more than once').argParser(
        (text: string, before: readonly ActorId[] = []) => [...before, parseMinerOption(text)],
      ),
    )
    .addOption(new Option('--portfolio <file>', 'look at the miners of a portfolio'))
    .addOption(
      new Option('--network-version <n>', 'of the network')
        .argParser(parseCountOption)
        .default(NETWORK_VERSION),
    )
    .addOption(
      new Option(
        '--circulating-supply <fil>',
        'FIL in circulation, which pledges and new daily fees are a part of',
      ).argParser(parseAmountOption),
    )
    .addOption(new Option('--md', 'print Markdown'))
    .addHelpText(
      'after',
      `
Examples:
  plimsoll compare                                    the state that ships with the program, four rule sets
  plimsoll compare state.car.zst --rules v18,v18+fip0006 --miner f01234 --operator proves --days 60
  plimsoll compare state.car.zst --rules v18,v18+terminateSectors2 --portfolio loans.json --md
  plimsoll compare state.car.zst --rules v18,v18+sdm:1y=1/5y=4 --scenario extend.json --circulating-supply "700000000 FIL"
`,
    )
  return withStateOptions(command).action((path: string, options: CompareOptions) =>
    compare(path, options, terminal),
  )
}

export function rulesCommand(terminal: Terminal): Command {
  return new Command('rules')
    .description('every rule set and switch: what it changes, its status, its source, its open questions')
    .addOption(new Option('--json', 'print JSON'))
    .addHelpText('after', '\nExample:\n  plimsoll rules\n')
    .action((options: RulesOptions) => rules(options, terminal))
}

export function scenarioCommand(terminal: Terminal): Command {
  return new Command('scenario')
    .description('the schema of the scenario file, as JSON Schema')
    .addHelpText(
      'after',
      `
A scenario is a JSON file:
  {
    "format": 1,
    "days": 30,
    "operator": "proves",                        or "stops", or { "recoversAtDay": 3 }
    "background": "frozen",                      or "full": every miner's deadlines pass
    "circulatingSupply": "700000000 FIL",        where something is pledged
    "miners": ["f01234"],                        to look at, beside those of rewards and steps
    "rewards": [                                 FIL that a miner wins at the end of each day; none unless said
      { "miner": "f01234", "perDay": "1.5 FIL" }
    ],
    "steps": [
      { "day": 1,  "do": "lose",      "miner": "f01234", "sectors": "all" },
      { "day": 4,  "do": "regain",    "miner": "f01234", "sectors": [1, 2] },
      { "day": 5,  "do": "topUp",     "miner": "f01234", "amount": "10 FIL" },
      { "day": 6,  "do": "repayDebt", "miner": "f01234" },
      { "day": 7,  "do": "withdraw",  "miner": "f01234", "amount": "1 FIL" },
      { "day": 8,  "do": "commit",    "miner": "f01234", "count": 10, "days": 540 },
      { "day": 9,  "do": "extend",    "miner": "f01234", "sectors": "all", "days": 720 },
      { "epoch": 6200000, "do": "windUp", "miner": "f01234" }
    ]
  }

Example:
  plimsoll scenario > scenario.schema.json
`,
    )
    .action(() => scenario(terminal))
}
