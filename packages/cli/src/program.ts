import { Argument, Command, CommanderError, Option } from 'commander'
import { type AssessOptions, assess } from './commands/assess.ts'
import { type CheckOptions, check } from './commands/check.ts'
import { type ExplainOptions, explain } from './commands/explain.ts'
import {
  parseAmountOption,
  parseCountOption,
  parseEpochOption,
  parseMinerOption,
  parseSectorOption,
} from './commands/options.ts'
import { type ReplayCommandOptions, replay } from './commands/replay.ts'
import { DEMO_STATE } from './demo.ts'
import { describeFailure, ExitStatus } from './errors.ts'
import type { Terminal } from './terminal.ts'

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
  program.addCommand(assessCommand(terminal), { isDefault: true })
  program.addCommand(explainCommand(terminal))
  program.addCommand(checkCommand(terminal, outcome))
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
  plimsoll assess state.car.zst                              every miner, worst first
  plimsoll assess state.car.zst --miner f01234               one miner in full
  plimsoll assess state.car.zst --portfolio loans.json       the miners of a portfolio
  plimsoll explain state.car.zst --miner f01234 --sector 5   every term under one fee
  plimsoll check state.car.zst                               the reference's invariants
  plimsoll replay scenario.jsonl.gz                          a recorded scenario, compared step by step
`

function stateArgument(): Argument {
  return new Argument('[state]', 'CAR of a state, plain or compressed with gzip or zstd').default(
    DEMO_STATE,
    'a small state that ships with the program',
  )
}

function withStateOptions(command: Command): Command {
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
    .addOption(new Option('--json', 'print JSON, amounts as decimal strings of attoFIL'))
}

function withBufferOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--buffer-days <n>', 'buffer: that many days of slashing').argParser(parseCountOption),
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

function explainCommand(terminal: Terminal): Command {
  const command = new Command('explain')
    .description(
      'the terms under a number, down to the constants of the protocol, each with formula and source',
    )
    .addArgument(stateArgument())
    .addOption(new Option('--miner <address>', 'the miner').argParser(parseMinerOption).makeOptionMandatory())
    .addOption(new Option('--sector <n>', 'the termination fee of one sector').argParser(parseSectorOption))
    .addOption(
      new Option('--fee-rules <rules>', 'rules of the termination fee').choices(['pre-fip0098', 'fip0098']),
    )
    .addHelpText(
      'after',
      `
Examples:
  plimsoll explain state.car.zst --miner f01234
  plimsoll explain state.car.zst --miner f01234 --sector 5056 --epoch 6200000
`,
    )
  return withStateOptions(withBufferOptions(command)).action((path: string, options: ExplainOptions) =>
    explain(path, options, terminal),
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
