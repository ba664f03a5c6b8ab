/*
 * Files that the build puts into a program as they are: SQL statements and
 * the page's assets.  A list of them is a header that includes this one and
 * holds lines of the form
 *
 *     EMBED(name, "path/from/the/top/level")
 *
 * To C each line declares the file's bytes, name[] up to name_end, followed
 * by a NUL which is not part of them, so that a text is also a C string.  To
 * the assembler (embed.S, which the build runs once for each list) it is the
 * definition.
 */
#ifndef EMBED
#ifdef __ASSEMBLER__
/* clang-format off */
#define EMBED(name, file)                                                     \
    .global name;                                                             \
    .global name##_end;                                                       \
    name:       .incbin file;                                                 \
    name##_end: .byte 0;
/* clang-format on */
#else
#define EMBED(name, file) extern const char name[], name##_end[];
#endif
#endif
