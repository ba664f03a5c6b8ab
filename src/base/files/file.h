/* The identity of a file, whatever its name: device and inode. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

struct file_id {
    uint64_t device, inode;
};

static inline struct file_id file_id(const struct stat *st)
{
    return (struct file_id){st->st_dev, st->st_ino};
}

static inline bool file_is(struct file_id id, const struct stat *st)
{
    return id.device == st->st_dev && id.inode == st->st_ino;
}

static inline bool file_is_same(const struct stat *a, const struct stat *b)
{
    return file_is(file_id(a), b);
}
