import { Argument, Command, CommanderError, Option } from 'commander'
import { backtestCommandOf } from './backtest-command.ts'
import { booksCommand } from './books-command.ts'
import { type AssessOptions, assess } from './commands/assess.ts'
import { type CheckOptions, check } from './commands/check.ts'
import { parseCountOption, parseMinerOption, parsePowerOption, parseRankOption } from './commands/options.ts'
import { type PowerOptions, power } from './commands/power.ts'
import { type ReplayCommandOptions, replay } from './commands/replay.ts'
import { curveCommand } from './curve-command.ts'
import { describeFailure, ExitStatus } from './errors.ts'
import { explainCommand, verifyCommand } from './explain-commands.ts'
import { forecastCommandOf } from './forecast-command.ts'
import { packsCommand } from './pack-command.ts'
import { planCommand, rehearseCommand } from './plan-command.ts'
import { compareCommand, rulesCommand, scenarioCommand } from './rule-commands.ts'
import { stateArgument, withBufferOptions, withStateOptions } from './state-options.ts'
import { storyCommand } from './story-command.ts'
import { stressCommandOf } from './stress-command.ts'
import type { Terminal } from './terminal.ts'
import { whatIfCommandOf } from './what-if-command.ts'

/** Runs one command line; never throws, whatever the input. */
export async function run(args: readonly string[], terminal: Terminal): Promise<ExitStatus> {
  const outcome: Outcome = { status: ExitStatus.OK }
  try {
    await createProgram(terminal, outcome).parseAsync(args, { from: 'user' })
    return outcome.status
  } catch (error) {
    if (error instanceof CommanderError) {
      // Help and version end the program by an error of status 0; every other one was printed already.
      return error.exitCode === 0 ? ExitStatus.OK : ExitStatus.USAGE
    }
    const { line, status } = describeFailure(error)
    terminal.writeError(`${line}\n`)
    return status
  }
}

interface Outcome {
  status: ExitStatus
}

function createProgram(terminal: Terminal, outcome: Outcome): Command {
  const program = new Command('plimsoll')
    .description(
      'The load line for storage-provider collateral on Filecoin: what every miner of a state would be worth wound up, to the attoFIL, and why.',
    )
    .version('0.1.0')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.writeOut(text),
      writeErr: (text) => terminal.writeError(text),
      outputError: (text, write) => write(`plimsoll: USAGE: ${onOneLine(text.replace(/^error: /, ''))}\n`),
    })
    .addHelpText('after', EXAMPLES)
  program.addCommand(storyCommand(terminal, outcome), { isDefault: true })
  program.addCommand(assessCommand(terminal))
  program.addCommand(explainCommand(terminal))
  program.addCommand(
    verifyCommand(terminal, (status) => {
      outcome.status = status
    }),
  )
  program.addCommand(checkCommand(terminal, outcome))
  program.addCommand(powerCommand(terminal))
  program.addCommand(packsCommand(terminal))
  program.addCommand(
    forecastCommandOf(terminal, (status) => {
      outcome.status = status
    }),
  )
  program.addCommand(
    stressCommandOf(terminal, (status) => {
      outcome.status = status
    }),
  )
  program.addCommand(whatIfCommandOf(terminal))
  program.addCommand(curveCommand(terminal))
  program.addCommand(planCommand(terminal, outcome))
  program.addCommand(rehearseCommand(terminal, outcome))
  program.addCommand(backtestCommandOf(terminal))
  program.addCommand(booksCommand(terminal))
  program.addCommand(compareCommand(terminal))
  program.addCommand(rulesCommand(terminal))
  program.addCommand(scenarioCommand(terminal))
  program.addCommand(replayCommand(terminal, outcome))
  for (const command of program.commands) {
    command.copyInheritedSettings(program)
  }
  return program
}

function onOneLine(text: string): string {
  return text.trim().replaceAll('\n', ' ')
}

const EXAMPLES = `
Examples:
  plimsoll story --seed 7                                    a pool and its miners, from the first mint to the closed books
  plimsoll assess state.car.zst                              every miner, worst first
  plimsoll assess state.car.zst --miner f01234               one miner in full
  plimsoll assess state.car.zst --portfolio loans.json       the miners of a portfolio
  plimsoll explain state.car.zst --miner f01234 --sector 5   every term under one fee
  plimsoll verify tree.json state.car.zst                    a saved explanation, worked out again from the state
  plimsoll check state.car.zst                               the reference's invariants
  plimsoll power state.car.zst --rule spec2019               who may win blocks, today or by the rule of 2019
  plimsoll packs state.car.zst --miner f01234                one miner by the rules of every lending protocol
  plimsoll forecast state.car.zst --portfolio loans.json     who crosses which level when, and what cures it
  plimsoll stress --portfolio loans.json --scenario s.json   the portfolio under shocks, and the cascade
  plimsoll whatif state.car.zst --miner f01234 --recover all what some messages would make of a miner, tried on a fork
  plimsoll curve state.car.zst --miner f01234                what leaving costs day by day, and the cheapest day
  plimsoll plan state.car.zst --miner f01234 --rehearse      the messages that wind a miner up, tried on a fork
  plimsoll rehearse state.car.zst --plan plan.json           a saved plan, tried again, or refused where it does not fit
  plimsoll backtest monday.car.zst friday.car.zst            a forecast from one state, and why another is not what it said
  plimsoll books ledger.json                                 the pFIL books that a file of entries leads to
  plimsoll compare state.car.zst --rules v18,v18+fip0006     the same messages under several rule sets
  plimsoll replay scenario.jsonl.gz                          a recorded scenario, compared step by step
`

function assessCommand(terminal: Terminal): Command {
  const command = new Command('assess')
    .description('what terminating every sector would cost, what would come back, and how much can be lent')
    .addArgument(stateArgument())
    .addOption(new Option('--miner <address>', 'one miner in full').argParser(parseMinerOption))
    .addOption(
      new Option(
        '--portfolio <file>',
        'JSON file: outstanding, buffer and label of each miner; only those are shown',
      ),
    )
    .addOption(
      new Option('--fee-rules <rules>', 'rules of the termination fee').choices([
        'pre-fip0098',
        'fip0098',
        'both',
      ]),
    )
    .addOption(
      new Option(
        '--sort <column>',
        'sort by a column, by its name in JSON; with a minus before it descending',
      ),
    )
    .addOption(new Option('--limit <n>', 'show that many miners').argParser(parseCountOption))
    .addOption(new Option('--csv', 'print CSV, amounts in attoFIL'))
    .addHelpText(
      'after',
      `
Examples:
  plimsoll assess state.car.zst --sort=-terminationFee --limit 10
  plimsoll assess state.car.zst --fee-rules both
  plimsoll assess state.car.zst --miner f01234 --outstanding "500 FIL" --buffer-days 7
  plimsoll assess state.car.zst --csv > miners.csv
`,
    )
  return withStateOptions(withBufferOptions(command)).action((path: string, options: AssessOptions) =>
    assess(path, options, terminal),
  )
}

function checkCommand(terminal: Terminal, outcome: Outcome): Command {
  const command = new Command('check')
    .description("the reference's invariants over the state; exits with 1 when any is broken")
    .addArgument(stateArgument())
    .addOption(
      new Option('--limit <n>', 'findings of each kind to show').argParser(parseCountOption).default(20),
    )
    .addHelpText('after', '\nExample:\n  plimsoll check state.car.zst --json\n')
  return withStateOptions(command).action(async (path: string, options: CheckOptions) => {
    outcome.status = await check(path, options, terminal)
  })
}

function powerCommand(terminal: Terminal): Command {
  const command = new Command('power')
    .description(
      'the power table: who may win blocks and why not, with which share, and the wins and rewards to expect a day',
    )
    .addArgument(stateArgument())
    .addOption(
      new Option('--rule <rule>', "today's rule, or the one that was specified first")
        .choices(['today', 'spec2019'])
        .default('today'),
    )
    .addOption(
      new Option(
        '--power <measure>',
        'raw or quality-adjusted power (default: qa for today, raw for spec2019)',
      ).choices(['raw', 'qa']),
    )
    .addOption(
      new Option('--stor <size>', 'spec2019: the minimum size (default: "100 TiB")').argParser(
        parsePowerOption,
      ),
    )
    .addOption(
      new Option(
        '--targ <n>',
        'spec2019: the rank that is enough while nobody has that size (default: 3)',
      ).argParser(parseRankOption),
    )
    .addOption(
      new Option('--ignore-collateral', 'spec2019: leave under-collateralised miners their nominal power'),
    )
    .addOption(new Option('--limit <n>', 'show that many miners').argParser(parseCountOption))
    .addOption(new Option('--csv', 'print CSV, power in bytes and amounts in attoFIL'))
    .addHelpText(
      'after',
      `
Examples:
  plimsoll power state.car.zst --limit 20
  plimsoll power state.car.zst --rule spec2019
  plimsoll power state.car.zst --rule spec2019 --stor "1 TiB" --targ 10 --ignore-collateral
  plimsoll power state.car.zst --power raw --csv > power.csv
`,
    )
  return withStateOptions(command).action((path: string, options: PowerOptions) =>
    power(path, options, terminal),
  )
}

function replayCommand(terminal: Terminal, outcome: Outcome): Command {
  return new Command('replay')
    .description(
      'executes a recorded scenario and compares it with the record, step by step; exits with 1 at the first difference',
    )
    .addArgument(
      new Argument('<scenario>', 'a .jsonl.gz file; the state that it begins with is read from beside it'),
    )
    .addOption(new Option('--until <step>', 'stop after a step, from 0').argParser(parseCountOption))
    .addOption(
      new Option('--show <step>', 'print a step: message, calls, receipt, events, changed states').argParser(
        parseCountOption,
      ),
    )
    .addOption(new Option('--invariants', "check the touched actors' invariants after every step"))
    .addOption(new Option('--json', 'print JSON, amounts as decimal strings of attoFIL'))
    .addHelpText(
      'after',
      `
Examples:
  plimsoll replay fixtures/reference-v18/power-reward/tiny.jsonl.gz
  plimsoll replay scenario.jsonl.gz --show 12
  plimsoll replay scenario.jsonl.gz --until 100 --json
`,
    )
    .action(async (path: string, options: ReplayCommandOptions) => {
      outcome.status = await replay(path, options, terminal)
    })
}
