// What the project is called and its version, as in package.json (tests/lint/project.test.js holds them together).
#ifndef SUPPORT_VERSION_H
#define SUPPORT_VERSION_H

#define PROJECT_NAME "jsrust-playground"
#define PROJECT_VERSION "0.1.0"

#endif
