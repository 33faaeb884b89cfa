// What happened, for people and for hosts: the one-line message, the JSON report, the lines of the command line.
#ifndef API_REPORT_H
#define API_REPORT_H
#include "api/session.h"

// Sets the error of a run that has trapped: sentence, limit, place.
void report_trap(const Session *session, Error *error);

// The message of session->error: its text and its place; "ok" without one. One line.
void report_message(const Session *session, Buf *out);

// TEXT_REPORT of session.h. False when memory is out.
bool report_json(const Session *session, Buf *out) MUST_CHECK;

// Position and call stack as indented lines, innermost first; nothing where nothing is known.
void report_lines(const Session *session, Buf *out);
#endif
