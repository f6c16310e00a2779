import { parseEpoch } from '@plimsoll/primitives'
import { parseSectorSet } from '@plimsoll/risk'
import { Command, Option } from 'commander'
import {
  optionParser,
  parseAmountOption,
  parseCountOption,
  parseMinerOption,
  parsePositiveAmountOption,
} from './commands/options.ts'
import { type WhatIfOptions, whatIfCommand } from './commands/what-if.ts'
import { UsageError } from './errors.ts'
import { NETWORK_VERSION, stateArgument, withBufferOptions, withStateOptions } from './state-options.ts'
import type { Terminal } from './terminal.ts'

const FORECAST_DAYS = 30

const parseSectorSetOption = optionParser(parseSectorSet)

/** A set of sectors and an epoch, such as `1,2,5-9:7000000`. */
const parseExtensionOption = optionParser((text) => {
  const [set = '', epoch, ...rest] = text.split(':')
  if (epoch === undefined || rest.length > 0) {
    throw new UsageError(
      'INVALID_OPTION',
      'an extension is a set of sectors and an epoch, such as all:7000000',
    )
  }
  return { sectors: parseSectorSet(set), expiration: parseEpoch(epoch) }
})

export function whatIfCommandOf(terminal: Terminal): Command {
  const command = new Command('whatif')
    .description(
      'what some messages would make of a miner: every figure, and the time to every level, with and without them',
    )
    .addArgument(stateArgument())
    .addOption(new Option('--miner <address>', 'the miner').argParser(parseMinerOption).makeOptionMandatory())
  withActions(command)
  return withTerms(command).action((path: string, options: WhatIfOptions) =>
    whatIfCommand(path, options, terminal),
  )
}

function withActions(command: Command): Command {
  return command
    .addOption(new Option('--topup <fil>', 'FIL is sent to the miner').argParser(parsePositiveAmountOption))
    .addOption(
      new Option('--recover <set>', 'faults are declared recovered, and proven').argParser(
        parseSectorSetOption,
      ),
    )
    .addOption(
      new Option('--extend <set:epoch>', 'sectors live until an epoch').argParser(parseExtensionOption),
    )
    .addOption(new Option('--terminate <set>', 'sectors are terminated').argParser(parseSectorSetOption))
    .addOption(new Option('--withdraw <fil>', 'the owner withdraws').argParser(parsePositiveAmountOption))
    .addOption(
      new Option('--repay <fil>', 'pFIL is burned, or FIL paid for it: less is outstanding').argParser(
        parsePositiveAmountOption,
      ),
    )
    .addOption(
      new Option('--mint <fil>', 'pFIL is minted, up to Safe Pledge').argParser(parsePositiveAmountOption),
    )
    .addOption(
      new Option('--mint-rule <rule>', 'Safe Pledge as published, or less fee debt and queued fees')
        .choices(['published', 'strict'])
        .default('published'),
    )
}

function withTerms(command: Command): Command {
  command
    .addOption(new Option('--portfolio <file>', 'outstanding, buffer and levels of the miner'))
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
    .addOption(
      new Option('--days <n>', 'how far levels are looked for')
        .argParser(parseCountOption)
        .default(FORECAST_DAYS),
    )
    .addOption(new Option('--rules <set>', 'rule set; see `plimsoll rules`').default('v18'))
    .addOption(
      new Option('--network-version <n>', 'of the network')
        .argParser(parseCountOption)
        .default(NETWORK_VERSION),
    )
    .addOption(
      new Option('--circulating-supply <fil>', 'FIL in circulation, which an extension needs').argParser(
        parseAmountOption,
      ),
    )
    .addHelpText(
      'after',
      `
A set of sectors is all, faulty, or numbers such as 1,2,5-9. Messages are sent in the order of the options above, each as soon
as the actor takes it. A repayment or a mint is an entry in the lender's books; the miner's own debt is paid by a top-up.

Examples:
  plimsoll whatif state.car.zst --miner f01234 --outstanding "500 FIL" --mint "100 FIL"
  plimsoll whatif state.car.zst --miner f01234 --recover faulty --topup "20 FIL" --warning "900 FIL"
  plimsoll whatif state.car.zst --miner f01234 --terminate 1,2,5-9 --json
  plimsoll whatif state.car.zst --miner f01234 --extend all:7000000 --circulating-supply "620000000 FIL"
`,
    )
  return withStateOptions(withBufferOptions(command))
}
