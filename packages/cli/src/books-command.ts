import { Argument, Command, Option } from 'commander'
import { type BooksOptions, books } from './commands/books.ts'
import type { Terminal } from './terminal.ts'

export function booksCommand(terminal: Terminal): Command {
  return new Command('books')
    .description(
      'the pFIL books that a file of entries leads to: what every agreement owes and why, auctions and accounts; the invariants are checked after every entry',
    )
    .addArgument(new Argument('<ledger>', 'JSON file of terms and entries'))
    .addOption(new Option('--json', 'print JSON, amounts as decimal strings of attoFIL'))
    .addHelpText(
      'after',
      `
The file has the terms of the books and the entries in order; nothing has a default. An entry that the rules
refuse ends the program with 65, its place in the file and its reason. In short:
  {
    "format": 1,
    "terms": { "mintRule": "published", "lotRule": "upToOutstanding", "passiveMint": { … }, "auction": { … } },
    "entries": [
      { "epoch": 1000, "kind": "open", "miner": "f01000", "terms": { "warningThreshold": "100 FIL", … } },
      { "epoch": 1000, "kind": "mint", "miner": "f01000", "amount": "1000 FIL", "appraisal": { … } }
    ]
  }

Example:
  plimsoll books examples/ledger.json
`,
    )
    .action((path: string, options: BooksOptions) => books(path, options, terminal))
}
