// The table of passes says of each what its file says first: what it needs and keeps, and that needing is what it does.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exists, readText } from '../lib/files.mjs';

const ROW = /^PASS\((\w+), \w+, .*, "(.*)", "(.*)"\)$/gm;
const HEADER = /^\/\/ (?:.*\. )?Needs: (\w+)(?: \(opt\/\w+\.h\))?[.;].*? ?Keeps: ([\w ]+)[.;]/m;

test('a pass needs and keeps what the table and its file say, in all its rows', () => {
  const rows = [...readText('backend/opt/passes.def').matchAll(ROW)];
  assert.ok(rows.length > 50);
  for (const [, name, needs, keeps] of rows) {
    const file = `backend/opt/${name}.c`;
    assert.ok(exists(file), `${file}: each pass is one file`);
    const text = readText(file);
    const [, ...said] = HEADER.exec(text) ?? [];
    assert.deepEqual(said, [needs, keeps], file);
    assert.equal(needs, text.includes('addresses_build(') ? 'addresses' : 'nothing', file);
  }
});
