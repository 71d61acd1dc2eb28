/* roles.c - accounts, roles and external ids: what they may look like, and the ARN of a role. */
#include <string.h>

#include "config/private.h"

/* Source: CreateRole and AssumeRole in the references of IAM and STS at AWS, of RAM and STS at Alibaba Cloud. */
enum { NAME_LEN_MAX = 64, PATH_LEN_MAX = 512, EXTERNAL_ID_LEN_MIN = 2, EXTERNAL_ID_LEN_MAX = 1224 };

#define LETTERS_AND_DIGITS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

static bool has_only(struct spurn_text text, const char *allowed)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.at[i] == '\0' || strchr(allowed, text.at[i]) == NULL)
            return false;
    return text.len > 0;
}

bool config_is_account(const struct cloud *cloud, struct spurn_text account)
{
    return account.len == (size_t)cloud->account_digits && text_all_digits(account);
}

bool config_is_external_id(struct spurn_text id)
{
    return id.len >= EXTERNAL_ID_LEN_MIN && id.len <= EXTERNAL_ID_LEN_MAX &&
           has_only(id, LETTERS_AND_DIGITS "_+=,.@:/-");
}

/* "path/": printable ASCII, and nothing empty between two slashes. */
static bool is_path(struct spurn_text path)
{
    for (size_t i = 0; i < path.len; i++)
        if (path.at[i] <= ' ' || path.at[i] > '~' ||
            (path.at[i] == '/' && (i == 0 || path.at[i - 1] == '/')))
            return false;
    return path.len <= PATH_LEN_MAX;
}

/* "-" is no role: a file of accounts says so where there is none to assume. A whole ARN might pass for a path. */
bool config_is_role(const struct cloud *cloud, struct spurn_text role)
{
    if (text_is(role, "-") || text_starts(role, "arn:"))
        return false;
    if (cloud == &cloud_alibaba)
        return role.len <= NAME_LEN_MAX && has_only(role, LETTERS_AND_DIGITS "_.@-");
    size_t path_len = role.len;
    while (path_len > 0 && role.at[path_len - 1] != '/')
        path_len--;
    struct spurn_text name = {role.at + path_len, role.len - path_len};
    return is_path((struct spurn_text){role.at, path_len}) && name.len <= NAME_LEN_MAX &&
           has_only(name, LETTERS_AND_DIGITS "_+=,.@-");
}

/* Cuts `head` off; false when `rest` does not begin with it. */
static bool cut(struct spurn_text *rest, const char *head)
{
    if (!text_starts(*rest, head))
        return false;
    rest->at += strlen(head);
    rest->len -= strlen(head);
    return true;
}

static struct spurn_text cut_to_colon(struct spurn_text *rest)
{
    struct spurn_text head = {rest->at, 0};
    while (head.len < rest->len && head.at[head.len] != ':')
        head.len++;
    rest->at += head.len;
    rest->len -= head.len;
    return head;
}

bool config_split_role(const struct cloud *cloud, struct spurn_text arn,
                       struct spurn_text *partition, struct spurn_text *account)
{
    struct spurn_text rest = arn;
    *partition = *account = TEXT_ABSENT;
    if (cloud == &cloud_alibaba) {
        if (!cut(&rest, "acs:ram::"))
            return false;
    } else {
        if (!cut(&rest, "arn:"))
            return false;
        *partition = cut_to_colon(&rest);
        if (!cut(&rest, ":iam::"))
            return false;
    }
    *account = cut_to_colon(&rest);
    return config_is_account(cloud, *account) && cut(&rest, ":role/") &&
           config_is_role(cloud, rest);
}

void config_put_role(const struct cloud *cloud, struct spurn_text partition,
                     struct spurn_text account, struct spurn_text role, struct buf *arn)
{
    if (cloud == &cloud_alibaba)
        buf_addf(arn, "acs:ram::%.*s:role/%.*s", TEXT_ARG(account), TEXT_ARG(role));
    else
        buf_addf(arn, "arn:%.*s:iam::%.*s:role/%.*s", TEXT_ARG(partition), TEXT_ARG(account),
                 TEXT_ARG(role));
}
