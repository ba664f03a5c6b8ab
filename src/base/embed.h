/*
 * Files that the build embeds unchanged: SQL statements and the page's assets.  A list is a
 * header that includes this one and has lines of the form
 *
 *     EMBED(name, "path/from/the/top/level")
 *
 * In C, a line declares the file's bytes, name[] up to name_end; the NUL that follows makes a
 * text a C string.  In the assembler (embed.S, which the build runs once per list), it defines
 * them.  EMBED_BOTH joins two files.
 */
#ifndef EMBED
#ifdef __ASSEMBLER__
/* clang-format off */
#define EMBED(name, file)                                                     \
    .global name;                                                             \
    .global name##_end;                                                       \
    name:       .incbin file;                                                 \
    name##_end: .byte 0;
#define EMBED_BOTH(name, first, second)                                       \
    .global name;                                                             \
    .global name##_end;                                                       \
    name:       .incbin first; .incbin second;                                \
    name##_end: .byte 0;
/* clang-format on */
#else
#define EMBED(name, file)               extern const char name[], name##_end[];
#define EMBED_BOTH(name, first, second) EMBED(name, first)
#endif
#endif
