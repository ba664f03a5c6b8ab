/* Defines what the header EMBED_LIST lists; see embed.h. */
    .section .rodata
#include EMBED_LIST
    .section .note.GNU-stack, "", %progbits
