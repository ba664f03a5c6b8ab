/* Combines invented parts into names. */
#include "feeder/simulate/names.h"

#include "feeder/simulate/random.h"

#define COUNT(list) (sizeof(list) / sizeof *(list))

static const char *const towns[] = {
    "Ærholm",     "Ørnevik",        "Åsnes Havn", "Blåtind",     "Þorlákshlíð",
    "Hvítárnes",  "Żabikowo",       "Łąkoszyn",   "Źródliska",   "Čertovice",
    "Řepná",      "Žlutá Lhota",    "Kőröskút",   "Nagyfűz",     "Dömösvár",
    "Şirinköy",   "Çamlıdere Başı", "Iğdırova",   "São Tibério", "Vila Açude",
    "Peñarroble", "Almendrañez",    "Castañuela", "Mont-Frêne",  "Saint-Évrard",
    "Besançolle", "Grünhagen",      "Süßenbach",  "Hörlingen",   "Zürlikon",
    "Șerbeni",    "Țărmureni",      "Õismetsa",   "Ķeguciems",   "Šakynai",
    "Đurđinac",   "Λευκοχώρι",      "Νέα Καρίνα", "Березовка",   "Сосновец-на-Лузе",
};

static const struct {
    const char *before, *behind; /* the town */
} clubs[] = {
    {"FC ", ""},        {"", " United"},   {"SK ", ""},      {"", " 1907"},
    {"Sporting ", ""},  {"", " Rovers"},   {"Dynamo ", ""},  {"", " City"},
    {"AC ", ""},        {"", " Athletic"}, {"Union ", ""},   {"", " Wanderers"},
    {"Racing ", ""},    {"", " Town"},     {"Olympic ", ""}, {"", " Albion"},
    {"TSV ", ""},       {"", " Rangers"},  {"Fortuna ", ""}, {"", " Harriers"},
    {"Lokomotiv ", ""}, {"", " 04"},       {"Real ", ""},    {"", " Victoria"},
    {"Atlético ", ""},
};

static const char *const first_names[] = {
    "Åge",   "Łukasz", "Jürgen", "François", "José",  "Nuño",   "Çağan",  "Ömer",
    "Žiga",  "Luka",   "Ștefan", "Kārlis",   "Tõnis", "Þórir",  "Mátyás", "Ondřej",
    "Émile", "João",   "Søren",  "Ibrahim",  "Kwame", "Dmitri", "Νίκος",  "Павел",
    "Seán",  "Iñaki",  "Márton", "Björn",    "Rafał", "Noël",   "Tomáš",
};

static const char *const surnames[] = {
    "Ødemark",    "Ålgren",     "Hælvik",       "Dąbrówniak",  "Świerczok",    "Łęgowicz",
    "Březnický",  "Šťastnovec", "Řehounek",     "Kővágási",    "Szűcsvári",    "Öztürkan",
    "Yıldıztepe", "Gülşenli",   "Conceiçães",   "Magalhãeiro", "Ibáñezal",     "Cañaveral",
    "Núñarrieta", "Lefèvrin",   "Garçonnet",    "Crêpieux",    "Müllhofer",    "Weißkirch",
    "Grödinger",  "Țepelea",    "Brâncovan",    "Jõesaar",     "Bērziņkalns",  "Žukauskis",
    "Đorđanić",   "Čučković",   "Þrastarson",   "Ísfeldsson",  "Ó Braonáin",   "Mac Giolla",
    "Παπαλέξης",  "Καρανίκας",  "Воронцовский", "Ключников",   "Mensah-Ofori",
};

_Static_assert(COUNT(towns) * COUNT(clubs) == NAMES_TEAMS, "each team has a name of its own");
_Static_assert(COUNT(surnames) == NAMES_PLAYERS + 1, "a prime number of them");
_Static_assert(COUNT(first_names) == 31, "here too");

void names_put_team(struct buf *b, uint64_t number)
{
    uint64_t town = number % COUNT(towns), row = number / COUNT(towns);
    uint64_t club = (row * 7 + town * 3) % COUNT(clubs); /* neighbours differ in both */

    buf_puts(b, clubs[club].before);
    buf_puts(b, towns[town]);
    buf_puts(b, clubs[club].behind);
}

/* Steps through a prime number of names, so that none repeats before all were used. */
static uint64_t nth(struct random *r, uint64_t n, uint64_t count)
{
    uint64_t drawn = random_next(r);

    return (drawn % count + n * (1 + drawn / count % (count - 1))) % count;
}

void names_put_player(struct buf *b, uint64_t squad, int player)
{
    struct random r = {squad};

    buf_puts(b, first_names[nth(&r, (uint64_t)player, COUNT(first_names))]);
    buf_putc(b, ' ');
    buf_puts(b, surnames[nth(&r, (uint64_t)player, COUNT(surnames))]);
}
