/**
 * Entry of the command line: `node runner/main.js run FILE`.
 */
import { main } from './node/cli.js';

process.exitCode = await main(process.argv.slice(2));
