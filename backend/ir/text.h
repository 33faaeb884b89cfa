// Text form of the IR, both ways: print.c writes it in a stable order, parse.c reads it back (golden tests, every pass by a file).
//
//   entry 1 -> i64                            function number and how its result is read
//   data 0 = "text\n\x00"                     escapes \n \t \" \\ \xHH
//   source 0 = "main"                         function names by index in the file
//   site 1 = 0:3:7 offset 120 number 9        function:block:instruction in the file; `head` = the block's head;
//                                             `inlined 4` = inlined at site 4
//   fn 1 "main"(v1 i32) -> i64 source 0 {     index in the file's function list; blocks: id in the file
//     slot 0 = 16 align 8                     `no_zero`: not zeroed when the function is entered
//   block1:                                   blocks stand in the order of their numbers
//     v3 = const i32 5
//     v4 = add i32 v1, v3 @1                  @ names the site
//     v5 = load i64 v2 + 8                    an address may have constant bytes behind it
//     v6 = convert f64 v5 from i64
//     v7 = index v2, v5, 8, 10 in_bounds not_null   IrInst.flags
//     branch v7, block2(v3), block3()
//   block2(v8 i32) source 7:
//     switch i32 v8, block3()
//       case -1: block2(v8)
//       case 5: block3()
//   block3:
//     return v4
//   }
//
// Values keep their numbers, so that a message that names v17 means the v17 of a listing. Instructions without a result
// have no number in the text. What an operation holds besides its operands follows them in the order of ops.def.
// `//` starts a comment; line ends count as spaces.
#ifndef IR_TEXT_H
#define IR_TEXT_H
#include "ir/module.h"
#include "support/buf.h"
void ir_print_function(Buf *out, const IrModule *module, u32 function);
void ir_print(Buf *out, const IrModule *module);
// Reads a whole module; errors carry line and column in the message. It is as build.h leaves it: not yet verified.
bool ir_parse(IrModule *module, Arena *arena, Str text, Error *error) MUST_CHECK;
#endif
