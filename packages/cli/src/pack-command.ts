import { Command, Option } from 'commander'
import { parseMinerOption } from './commands/options.ts'
import { type PacksOptions, packs } from './commands/packs.ts'
import { stateArgument, withBufferOptions, withStateOptions } from './state-options.ts'
import type { Terminal } from './terminal.ts'

export function packsCommand(terminal: Terminal): Command {
  const command = new Command('packs')
    .description(
      'one miner by the rules of every lending protocol, side by side: value, levels, limits, and what binds',
    )
    .addArgument(stateArgument())
    .addOption(new Option('--miner <address>', 'the miner').argParser(parseMinerOption).makeOptionMandatory())
    .addOption(
      new Option('--pack-params <file>', 'JSON file of what protocols do not publish and states do not say'),
    )
    .addOption(
      new Option('--fee-rules <rules>', 'rules of the termination fee').choices(['pre-fip0098', 'fip0098']),
    )
    .addOption(new Option('--csv', 'print CSV, a record for every protocol, amounts in attoFIL'))
    .addHelpText(
      'after',
      `
The file of parameters has nothing that must be given; what is left out stays unknown:
  {
    "format": 1,
    "repl":      { "warningThreshold": "900 FIL", "terminationThreshold": "600 FIL",
                   "filPerPfil": "1.05", "agreementDay": 30 },
    "glif":      { "tier": "none", "faultySectorLimit": "0.12" },        or bronze, silver, gold
    "stfil":     { "mode": "owner-verified", "liquidationDebtRatio": "0.85", "withdrawMargin": "1 FIL" },
    "filliquid": { "openLoans": 1, "principal": "500 FIL" },
    "filus":     { "futureIncome": "20 FIL" },
    "custom":    [{ "name": "house rules", "deductions": ["feeDebt", "terminationFee"],
                    "compared": "debtRatio", "warning": "0.6", "termination": "0.8", "max": "0.5" }]
  }

Examples:
  plimsoll packs state.car.zst --miner f01234 --outstanding "500 FIL" --buffer-days 7
  plimsoll packs state.car.zst --miner f01234 --outstanding "500 FIL" --pack-params packs.json --json
`,
    )
  return withStateOptions(withBufferOptions(command)).action((path: string, options: PacksOptions) =>
    packs(path, options, terminal),
  )
}
