import { Command, Option } from 'commander'
import { parseSeedOption } from './commands/options.ts'
import { type StoryOptions, story } from './commands/story.ts'
import type { ExitStatus } from './errors.ts'
import type { Terminal } from './terminal.ts'

export function storyCommand(terminal: Terminal, outcome: { status: ExitStatus }): Command {
  return new Command('story')
    .description(
      'a pool mints pFIL against a dozen miners, two of them fail, one is wound up, and the books are closed: everything at work, on the real actors (what runs without a command)',
    )
    .addOption(
      new Option('--seed <n>', 'which story: who fails, how badly, when, and who bids')
        .argParser(parseSeedOption)
        .default(1),
    )
    .addOption(new Option('--fast', 'do not wait between events on a terminal'))
    .addOption(
      new Option('--json', 'print a JSON object per event and line, amounts as decimal strings of attoFIL'),
    )
    .addHelpText(
      'after',
      `
The same seed tells the same story. Nothing outside of this process is read or changed; Ctrl-C ends it at any time.
It exits with 1 if a plan or the books did not come out to the attoFIL.

Examples:
  plimsoll story
  plimsoll story --seed 7 --fast
  plimsoll story --json | grep '"kind":"bid"'
`,
    )
    .action(async (options: StoryOptions) => {
      outcome.status = await story(options, terminal)
    })
}
