// `make bench`: ratios, each measured side by side in one run, with the raw figures behind them.
// `node tests/bench/bench.mjs PART...` runs some parts only: kernels, budgets, loading, startup, sizes, wasi,
// terminal, compiling, codegen, wasm-size.
import { benchCodegen } from './codegen.mjs';
import { benchCompiling } from './compiling.mjs';
import { benchKernels } from './kernels.mjs';
import { benchLoading } from './loading.mjs';
import { benchTerminal } from './terminal.mjs';
import { benchWasi } from './wasi.mjs';
import { benchWasmSize } from './wasm-size.mjs';
import { benchBudgets, benchStartup, reportSizes } from './overheads.mjs';

const parts = {
  kernels: benchKernels,
  budgets: benchBudgets,
  loading: benchLoading,
  startup: benchStartup,
  sizes: reportSizes,
  wasi: benchWasi,
  terminal: benchTerminal,
  compiling: benchCompiling,
  codegen: () => benchCodegen(),
  'wasm-size': benchWasmSize,
};

const asked = process.argv.slice(2);
for (const [name, run] of Object.entries(parts)) {
  if (asked.length === 0 || asked.includes(name)) await run();
}
