// One function of the IR through all passes of a level, by one run of them: what a view that goes pass by pass needs of a
// large file.
#include "api/ir_texts.h"

#include "ir/text.h"

enum { HISTORY_MOST = 32 << 20 }; // bytes of a history that another text is added to

typedef struct History {
    Buf *out;
    u32 function;
    size_t last;     // where its last text starts, up to the end of `out`
    u32 done;        // passes that all functions have gone through
    u32 running, of; // passes since then, of the function that they ran over
    u32 stretch;     // the most of these: a function that nothing reaches has none
    bool is_cut;
} History;

static void add_to_history(History *h, const IrModule *ir, u32 passes) {
    size_t end = h->out->len;
    if (h->is_cut) return;
    h->is_cut = end > HISTORY_MOST;
    if (h->is_cut) {
        buf_format(h->out, "cut %u\n", passes);
        return;
    }
    buf_format(h->out, "after %u\n", passes);
    size_t start = h->out->len;
    ir_print_function(h->out, ir, h->function);
    size_t len = h->out->len - start;
    bool same = h->last && len == end - h->last && mem_equal(h->out->data + h->last, h->out->data + start, len);
    if (same) h->out->len = end;
    else h->last = start;
}

// Functions go through a stretch of passes one after the other; passes over the module stand between the stretches.
static void observe(void *context, const IrModule *ir, u32 function) {
    History *h = context;
    if (function == 0) {
        h->done += h->stretch + 1;
        h->running = h->stretch = h->of = 0;
        add_to_history(h, ir, h->done);
        return;
    }
    h->running = function == h->of ? h->running + 1 : 1;
    h->of = function;
    if (h->running > h->stretch) h->stretch = h->running;
    if (function == h->function) add_to_history(h, ir, h->done + h->running);
}

bool function_history(Session *s, IrModule *ir, OptLevel level, Error *error) {
    u64 wanted = s->options[OPTION_FUNCTION];
    if (wanted >= ir->functions.count)
        return error_set(error, ERR_INTERNAL, NOWHERE, "there is no function %U", wanted);
    History history = {.out = &s->text, .function = wanted ? (u32)wanted : ir->entry};
    OptOptions optimise = {.level = level, .observe = observe, .context = &history};
    add_to_history(&history, ir, 0);
    return opt_run(ir, &optimise, error);
}
