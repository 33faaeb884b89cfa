/**
 * Entry of the Node worker in which a compiled JSRS program runs. It prints and no more, so that a third of what other
 * modules need is enough: a worker is loaded file by file, and that takes longer than most programs.
 */
import { jsrust } from '../abi/jsrust.js';
import { serveOnParentPort } from './guest-port.js';

serveOnParentPort({
  abis: [jsrust],
  errno: String,
  createScreen() {
    throw new Error('no import of a compiled program draws');
  },
});
