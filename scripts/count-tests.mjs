// Prints `N passed, N failed, N skipped` from the JSON result of the test runner. Takes the path of the result and
// the exit status of the run: a run that failed without a failed test, such as by a type error, counts as one failure.
import { readFileSync } from 'node:fs'

const [, , path, status] = process.argv
const text = readFileSync(path, 'utf8')
const result = text === '' ? {} : JSON.parse(text)
const passed = result.numPassedTests ?? 0
const skipped = (result.numPendingTests ?? 0) + (result.numTodoTests ?? 0)
const failed = Math.max(result.numFailedTests ?? 0, status === '0' ? 0 : 1)
process.stdout.write(`${passed} passed, ${failed} failed, ${skipped} skipped\n`)
