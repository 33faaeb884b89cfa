// Texts of single functions of the IR, which are shown while the program is compiled.
#ifndef API_HISTORY_H
#define API_HISTORY_H
#include "api/session.h"
#include "opt/pipeline.h"

// Both append to session->text: TEXT_IR_HISTORY and TEXT_FUNCTIONS.
bool function_history(Session *session, OptLevel level, Error *error) MUST_CHECK;
bool function_list(Session *session, Error *error) MUST_CHECK;
#endif
