// What runs WebAssembly modules on this page, in one chunk: it comes with the first module.

export { createDrop } from './guest/drop.js';
export { GuestSession } from './guest/session.js';
export { Uploads } from './guest/uploads.js';
export { createGuestView } from './panels/guest-view.js';
