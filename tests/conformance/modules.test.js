// Every WebAssembly fixture under Node, through the library's parts: output, errors, screen, exit, files. The page as a mode
// is in modules-page.test.js.
import { before, test } from 'node:test';
import { moduleHost } from '../../runner/node/module-host.js';
import { moduleCases } from './module-cases.mjs';
import { runCase } from './run-case.js';

/** @type {WebAssembly.Module} */
let tools;
before(async () => void (tools = await moduleHost.tools(undefined)));

for (const { name, bytes, wanted, check } of moduleCases()) {
  test(`node: ${name}`, async () => {
    check(await runCase(bytes, wanted, { tools, spawn: () => moduleHost.spawn(undefined) }));
  });
}
