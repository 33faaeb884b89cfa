// Texts of the IR and of what is made of it.
#ifndef API_IR_TEXTS_H
#define API_IR_TEXTS_H
#include "api/session.h"
#include "opt/pipeline.h"

// Appends the text TEXT_* to session->text.
bool ir_text(Session *session, u32 which, Error *error) MUST_CHECK;

// TEXT_IR_HISTORY of a program as lowered, which it optimises.
bool function_history(Session *session, IrModule *ir, OptLevel level, Error *error) MUST_CHECK;
#endif
