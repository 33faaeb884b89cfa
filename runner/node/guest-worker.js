/**
 * Entry of the Node worker in which a module runs: the browser's, with folders of the host.
 */
import { ABIS, errnoName } from '../abi/index.js';
import { createScreen } from '../terminal/screen.js';
import { serveOnParentPort } from './guest-port.js';
import { useHostFolders } from './host-files.js';
import { useWebCrypto } from './web-crypto.js';

useHostFolders();
useWebCrypto();
serveOnParentPort({ abis: ABIS, errno: errnoName, createScreen });
