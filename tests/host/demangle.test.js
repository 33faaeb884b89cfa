// Names of Rust functions as people wrote them (runner/module/demangle.js): both schemes, as rustc 1.95 writes them, and what
// only looks like them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { demangled } from '../../runner/module/demangle.js';

const NAMES = [
  // The former scheme.
  ['_ZN5hello4main17hfdaa59868da6cbf8E', 'hello::main'],
  ['_ZN3std2rt10lang_start28_$u7b$$u7b$closure$u7d$$u7d$17h435e2a25c6a09b6cE', 'std::rt::lang_start::{{closure}}'],
  [
    '_ZN42_$LT$$RF$T$u20$as$u20$core..fmt..Debug$GT$3fmt17h34394507e30dbfe7E.llvm.12683530946817738416',
    '<&T as core::fmt::Debug>::fmt',
  ],
  [
    '_ZN5alloc7raw_vec20RawVecInner$LT$A$GT$11finish_grow17hfd7121b5ab208e47E',
    'alloc::raw_vec::RawVecInner<A>::finish_grow',
  ],
  // The present one.
  ['_RNvNtCset5xJoy1xWQ_3std7process5abort', 'std::process::abort'],
  ['_RNvCsfLfy6EI15iL_7___rustc17rust_begin_unwind', '__rustc::rust_begin_unwind'],
  ['_RNCNvNtCset5xJoy1xWQ_3std9panicking13panic_handler0B5_', 'std::panicking::panic_handler::{closure#0}'],
  ['_RINvCsl0gHu2WDNTj_3big3genKce9_Kb1_Kan5_EB2_', "big::gen::<'é', true, -5>"],
  ['_RINvNtNtCsl0gHu2WDNTj_3big1m1n4showATluEj1_EB6_', 'big::m::n::show::<[(i32, ()); 1]>'],
  ['_RINvNtNtCsl0gHu2WDNTj_3big1m1n4showThEEB6_', 'big::m::n::show::<(u8,)>'],
  ['_RNvXs_CsjWXYnhCVQzU_3libNtB4_1SNtB4_5Shape4area', '<lib::S as lib::Shape>::area'],
  ['_RNvMCsjWXYnhCVQzU_3libNtB2_1S3new', '<lib::S>::new'],
  ['_RINvC3lib3appDNtB2_5Shapep4ItemmEL_EB2_', 'lib::app::<dyn lib::Shape<Item = u32>>'],
  ['_RINvC3lib3appFUKCPhOlEbEB2_', 'lib::app::<unsafe extern "C" fn(*const u8, *mut i32) -> bool>'],
  ['_RINvC3lib3appRSeQL_yEB2_', 'lib::app::<&[str], &mut u64>'],
  [
    '_RNSNvYNCINvNtCset5xJoy1xWQ_3std2rt10lang_startuE0INtNtNtCsdHhIpgkcIfN_4core3ops8function6FnOnceuE9call_once6vtableC3big',
    '<std::rt::lang_start<()>::{closure#0} as core::ops::function::FnOnce<()>>::call_once::{shim:vtable#0}',
  ],
  // Neither: as it is.
  ...[
    'main',
    '',
    '_R',
    '_Rust',
    '_RNv',
    '_RNvC3li',
    '_ZN3foo3barE',
    '_ZN3std',
    '_ZNSt6vectorIiE9push_backEi',
    '_RZZ',
  ].map((name) => [name, name]),
];

for (const [name, wanted] of NAMES) test(`${name} is ${wanted}`, () => assert.equal(demangled(name), wanted));

test('what is cut short, or altered, gives some text, and soon', () => {
  for (const [name] of NAMES) {
    for (let end = 0; end < name.length; end++) assert.equal(typeof demangled(name.slice(0, end)), 'string');
    for (let at = 2; at < name.length; at++)
      for (const other of 'BIKE_9')
        assert.equal(typeof demangled(name.slice(0, at) + other + name.slice(at + 1)), 'string');
  }
});

test('names that would be very deep, or very long, stay as they are', () => {
  const deep = `_R${'Nv'.repeat(1500)}C1a${'1b'.repeat(1500)}`;
  assert.equal(demangled(deep.slice(0, 4000)), deep.slice(0, 4000));
  // Each tuple holds the one before twice: of thirty the last is of a thousand million types.
  const bomb = (/** @type {number} */ count) => {
    let name = '_RINvC1a1bThhE';
    for (let i = 0, before = 8; i < count; i++) {
      const back = `B${to62(before - 1)}_`;
      before = name.length - 2;
      name += `T${back}${back}E`;
    }
    return `${name}E`;
  };
  assert.equal(
    demangled(bomb(2)),
    `a::b::<(u8, u8), ((u8, u8), (u8, u8)), (((u8, u8), (u8, u8)), ((u8, u8), (u8, u8)))>`,
  );
  assert.equal(demangled(bomb(30)), bomb(30));
});

/** @param {number} number @returns {string} */
function to62(number) {
  const digits = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
  return (number >= 62 ? to62(Math.floor(number / 62)) : '') + digits[number % 62];
}
