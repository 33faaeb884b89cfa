// How many lines jsrs_listing writes, so that a place in it is known without writing it.
#ifndef JSRS_LISTING_H
#define JSRS_LISTING_H

#include "jsrs/jsrs.h"

// Lines before the first function: types and globals, and the blank line that ends them.
u32 jsrs_listing_head_lines(const JsrsModule *module);
// Lines of one function, the blank line after it included.
u32 jsrs_listing_function_lines(const JsrsModule *module, const JsrsFunction *f);

#endif
