/* What --help says. */
#include "base/embed.h"

EMBED(usage_text, "src/service/usage.txt")
