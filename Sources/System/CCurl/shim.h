// libcurl's setters and getters are variadic, which Swift can't call; each shim fixes one argument type.
#pragma once
#include <curl/curl.h>

static inline CURLcode vst_curl_set_long(CURL *easy, CURLoption option, long value) {
    return curl_easy_setopt(easy, option, value);
}
static inline CURLcode vst_curl_set_pointer(CURL *easy, CURLoption option, const void *value) {
    return curl_easy_setopt(easy, option, value);
}
static inline CURLcode vst_curl_set_write(CURL *easy, size_t (*callback)(char *, size_t, size_t, void *)) {
    return curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, callback);
}
static inline CURLcode vst_curl_set_header(CURL *easy, size_t (*callback)(char *, size_t, size_t, void *)) {
    return curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, callback);
}
static inline CURLcode vst_curl_set_open_socket(
    CURL *easy, curl_socket_t (*callback)(void *, curlsocktype, struct curl_sockaddr *)) {
    return curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, callback);
}
static inline CURLcode vst_curl_get_long(CURL *easy, CURLINFO info, long *value) {
    return curl_easy_getinfo(easy, info, value);
}
static inline CURLcode vst_curl_get_time(CURL *easy, CURLINFO info, curl_off_t *value) {
    return curl_easy_getinfo(easy, info, value);
}
static inline CURLcode vst_curl_get_pointer(CURL *easy, CURLINFO info, void *value) {
    return curl_easy_getinfo(easy, info, (void **)value);
}
static inline CURLMcode vst_curl_multi_set_long(CURLM *multi, CURLMoption option, long value) {
    return curl_multi_setopt(multi, option, value);
}
static inline CURLMcode vst_curl_multi_set_pointer(CURLM *multi, CURLMoption option, void *value) {
    return curl_multi_setopt(multi, option, value);
}
static inline CURLMcode vst_curl_multi_set_socket(
    CURLM *multi, int (*callback)(CURL *, curl_socket_t, int, void *, void *)) {
    return curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, callback);
}
static inline CURLMcode vst_curl_multi_set_timer(CURLM *multi, int (*callback)(CURLM *, long, void *)) {
    return curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, callback);
}

// The address that a connection is about to be made to, as text; 0 for anything but IPv4 and IPv6. The C structure ends
// in a flexible tail (an IPv6 address is longer than struct sockaddr), which Swift's copy would cut.
#include <arpa/inet.h>
#include <netinet/in.h>
static inline int vst_curl_address_text(const struct curl_sockaddr *address, char *text, unsigned size) {
    const void *bytes;
    if (address->family == AF_INET)
        bytes = &((const struct sockaddr_in *)&address->addr)->sin_addr;
    else if (address->family == AF_INET6)
        bytes = &((const struct sockaddr_in6 *)&address->addr)->sin6_addr;
    else
        return 0;
    return inet_ntop(address->family, bytes, text, size) != NULL;
}
static inline curl_socket_t vst_curl_open(const struct curl_sockaddr *address) {
    return socket(address->family, address->socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, address->protocol);
}
// The message's result is in a union.
static inline CURLcode vst_curl_result(const CURLMsg *message) { return message->data.result; }
static inline long vst_curl_http_version(void) { return CURL_HTTP_VERSION_1_1; }
static inline long vst_curl_tls_version(void) { return CURL_SSLVERSION_TLSv1_2; }
// Zeroes the list's texts (they hold bearer tokens) before they are freed.
#include <string.h>
static inline void vst_curl_wipe(struct curl_slist *list) {
    for (struct curl_slist *item = list; item; item = item->next)
        if (item->data) explicit_bzero(item->data, strlen(item->data));
    curl_slist_free_all(list);
}
