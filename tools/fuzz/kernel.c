// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel's functions of kernel.h.
 */
#include "kernel.h"

struct kernel_ptdbg ptdbg;
struct kernel_task kernel_current;

int kstrtoull(const char *text, unsigned int base, u64 *value)
{
	char *end;

	if (base == 16 && text[0] == '0' && tolower(text[1]) == 'x')
		text += 2;
	if (!isxdigit(*text))
		return -EINVAL;
	/* strtoull() would take one more "0x" */
	if (base == 16 && text[0] == '0' && tolower(text[1]) == 'x')
		return -EINVAL;
	errno = 0;
	*value = strtoull(text, &end, base);
	if (errno)
		return -ERANGE;
	if (end == text)
		return -EINVAL;
	if (*end == '\n')
		end++;
	return *end ? -EINVAL : 0;
}

int kstrtouint(const char *text, unsigned int base, unsigned int *value)
{
	u64 n;
	int err = kstrtoull(text, base, &n);

	if (err)
		return err;
	*value = n;
	return *value == n ? 0 : -ERANGE;
}

ssize_t strscpy(char *to, const char *from, size_t size)
{
	size_t n = strnlen(from, size - 1);

	memcpy(to, from, n);
	to[n] = '\0';
	return n;
}

void kernel_log(const char *fmt, ...)
{
	(void)fmt;
}

void seq_printf(struct seq_file *m, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	m->len += vsnprintf(m->text + m->len, sizeof(m->text) - m->len, fmt, args);
	va_end(args);
	if (m->len >= sizeof(m->text))
		abort();
}

int scnprintf(char *buf, size_t size, const char *fmt, ...)
{
	va_list args;
	int n;

	va_start(args, fmt);
	n = vsnprintf(buf, size, fmt, args);
	va_end(args);
	return n < (int)size ? n : (int)size - 1;
}

void seq_puts(struct seq_file *m, const char *text)
{
	seq_printf(m, "%s", text);
}

void seq_putc(struct seq_file *m, char c)
{
	seq_printf(m, "%c", c);
}
