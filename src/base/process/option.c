/* Feeds the table to getopt_long(3). */
#include "base/process/option.h"

#include <getopt.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/process/clock.h"
#include "base/text/buf.h"

#define LONG_FIRST   256 /* getopt_long's result for the first rule by name */
#define COLUMN       24  /* where --help's descriptions begin */
#define EXPECTED_MAX 128

/* Returns NULL, or what was expected. */
static const char *take(const struct option_rule *rule, void *settings, const char *value,
                        char expected[EXPECTED_MAX])
{
    void *at = (char *)settings + rule->at;
    int64_t n = 0;

    switch (rule->kind) {
    case OPTION_FLAG: *(bool *)at = true; return NULL;
    case OPTION_TEXT:
        *(const char **)at = value;
        return *value || rule->min == 0 ? NULL : "a file name";
    case OPTION_OTHER: return rule->take(settings, value);
    case OPTION_TIME:
        if (clock_parse(value, &n) < 0 || n < rule->min)
            return rule->min > 0 ? "a duration above 0, such as 500ms, 2s or 1m"
                                 : "a duration such as 500ms, 2s or 1m";
        break;
    default:
        snprintf(expected, EXPECTED_MAX, "a number from %" PRId64 " to %" PRId64, rule->min,
                 rule->max);
        if (span_to_int(span_of(value), rule->max, &n) < 0 || n < rule->min)
            return expected;
    }
    if (rule->kind == OPTION_COUNT)
        *(size_t *)at = (size_t)n;
    else
        *(int64_t *)at = n;
    return NULL;
}

static int set(const struct option_table *table, const struct option_rule *rule, void *settings,
               const char *value)
{
    char room[EXPECTED_MAX];
    const char *expected = take(rule, settings, value, room);

    if (!expected)
        return 0;
    log_line(table->log, LOG_ERR, "--%s: expected %s, found %s", rule->name, expected, value);
    return -1;
}

/* The rule for getopt_long's result, or NULL. */
static const struct option_rule *find(const struct option_table *table, int found)
{
    for (size_t i = 0; i < table->n; i++)
        if (found == LONG_FIRST + (int)i || found == table->rules[i].letter)
            return &table->rules[i];
    return NULL;
}

/* In several letters behind one dash, getopt stays at the same word. */
static void log_unknown(const struct option_table *table, const char *word)
{
    char letter[] = {'-', (char)optopt, '\0'};

    log_line(table->log, LOG_ERR, "%s: unknown option or missing value: '%s --help' lists them",
             optopt > 0 && optopt < LONG_FIRST ? letter : word, table->log->name);
}

int option_read(const struct option_table *table, void *settings, int argc, char **argv,
                uint64_t *given)
{
    struct option longs[OPTION_RULES_MAX + 1] = {{NULL, 0, NULL, 0}};
    char shorts[2 * OPTION_RULES_MAX + 1] = "", *end = shorts;
    bool wrong = false;
    int found, unknown = 0;

    for (size_t i = 0; i < table->n; i++) {
        const struct option_rule *rule = &table->rules[i];
        int has_value = rule->value ? required_argument : no_argument;
        longs[i] = (struct option){rule->name, has_value, NULL, LONG_FIRST + (int)i};
        if (rule->letter)
            end += sprintf(end, "%c%s", rule->letter, rule->value ? ":" : "");
        if (rule->initial && set(table, rule, settings, rule->initial) < 0)
            return -1;
    }
    opterr = 0; /* getopt would write to stderr; the log may be elsewhere */
    *given = 0;
    while ((found = getopt_long(argc, argv, shorts, longs, NULL)) != -1) {
        const struct option_rule *rule = find(table, found);
        if (!rule && unknown != optind)
            log_unknown(table, argv[optind - 1]);
        if (!rule)
            unknown = optind;
        if (!rule || set(table, rule, settings, optarg) < 0)
            wrong = true;
        else
            *given |= UINT64_C(1) << (rule - table->rules);
    }
    return wrong ? -1 : optind;
}

void option_print(const struct option_table *table, uint64_t which)
{
    for (size_t i = 0; i < table->n; i++) {
        const struct option_rule *rule = &table->rules[i];
        const char *line = rule->help, *end;
        if (!(which >> i & 1))
            continue;
        int n = rule->letter ? printf("  -%c, --%s", rule->letter, rule->name)
                             : printf("      --%s", rule->name);
        n += rule->value ? printf(" %s", rule->value) : 0;
        printf("%*s", n < COLUMN - 1 ? COLUMN - n : 2, "");
        for (; (end = strchr(line, '\n')); line = end + 1)
            printf("%.*s\n%*s", (int)(end - line), line, COLUMN, "");
        printf(rule->initial ? "%s (%s)\n" : "%s\n", line, rule->initial);
    }
}
