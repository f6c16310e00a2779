import { EXPLAINED_FIGURES } from '@plimsoll/risk'
import { Argument, Command, Option } from 'commander'
import { type ExplainOptions, explain } from './commands/explain.ts'
import { parseCountOption, parseMinerOption, parseSectorOption } from './commands/options.ts'
import { type VerifyOptions, verify } from './commands/verify.ts'
import type { ExitStatus } from './errors.ts'
import { stateArgument, withBufferOptions, withStateOptions } from './state-options.ts'
import type { Terminal } from './terminal.ts'

export function explainCommand(terminal: Terminal): Command {
  const command = new Command('explain')
    .description(
      'the terms under a number, down to the constants of the protocol, each with formula and source',
    )
    .addArgument(stateArgument())
    .addOption(new Option('--miner <address>', 'the miner').argParser(parseMinerOption).makeOptionMandatory())
    .addOption(
      new Option('--figure <name>', 'which figure (default: safePledgeStrict)').choices(EXPLAINED_FIGURES),
    )
    .addOption(new Option('--sector <n>', 'the termination fee of one sector').argParser(parseSectorOption))
    .addOption(
      new Option('--fee-rules <rules>', 'rules of the termination fee').choices(['pre-fip0098', 'fip0098']),
    )
    .addHelpText(
      'after',
      `
Examples:
  plimsoll explain state.car.zst --miner f01234
  plimsoll explain state.car.zst --miner f01234 --figure liquidationValue
  plimsoll explain state.car.zst --miner f01234 --sector 5056 --epoch 6200000
  plimsoll explain state.car.zst --miner f01234 --json > tree.json    (and later: plimsoll verify tree.json state.car.zst)
`,
    )
  return withStateOptions(withBufferOptions(command)).action((path: string, options: ExplainOptions) =>
    explain(path, options, terminal),
  )
}

export function verifyCommand(terminal: Terminal, onStatus: (status: ExitStatus) => void): Command {
  const command = new Command('verify')
    .description(
      'works a saved explanation out again from its state; exits with 1 when any term is not what the state gives',
    )
    .addArgument(new Argument('<explanation>', 'what `explain --json` printed'))
    .addArgument(stateArgument())
    .addOption(
      new Option('--actors-version <n>', 'version of the actors, where the code CIDs do not tell').argParser(
        parseCountOption,
      ),
    )
    .addOption(new Option('--json', 'print JSON'))
    .addHelpText('after', '\nExample:\n  plimsoll verify tree.json state.car.zst\n')
  return command.action(async (file: string, path: string, options: VerifyOptions) => {
    onStatus(await verify(file, path, options, terminal))
  })
}
