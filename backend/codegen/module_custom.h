// The custom sections of a module: names, who made it, places of traps. Shared by the files of the module writer.
#ifndef CODEGEN_MODULE_CUSTOM_H
#define CODEGEN_MODULE_CUSTOM_H

#include "codegen/module_data.h"

// Contents of the name section (core specification, appendix A.4): module, functions, globals, data segments.
void custom_names(const ModuleLink *link, const ModuleData *data, Buf *out);
// Contents of the producers section (tool conventions): the project and its version.
void custom_producers(Buf *out);

#endif
