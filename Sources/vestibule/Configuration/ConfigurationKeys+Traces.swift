extension ConfigurationKeys {
    /// OpenTelemetry's own variables, by its specification's names.
    static let traces = [
        ConfigurationKey(
            "OTEL_EXPORTER_OTLP_ENDPOINT",
            "collector of traces, e.g. `http://collector:4318`; `/v1/traces` is added. Without it nothing is traced"),
        ConfigurationKey("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "the same as a whole URL, used as it is"),
        ConfigurationKey("OTEL_EXPORTER_OTLP_PROTOCOL", "`http/json`, the only one spoken", default: "http/json"),
        ConfigurationKey(
            "OTEL_EXPORTER_OTLP_HEADERS",
            "fields of each request to it, `name=value`, comma separated, percent-encoded",
            secret: true),
        ConfigurationKey("OTEL_EXPORTER_OTLP_CERTIFICATE", "PEM file of the authorities that its certificate is from"),
        ConfigurationKey(
            "OTEL_EXPORTER_OTLP_TIMEOUT", "milliseconds that one request to it may take", default: "10000"),
        ConfigurationKey("OTEL_SERVICE_NAME", "`service.name` of the traces", default: "vestibule"),
        ConfigurationKey(
            "OTEL_RESOURCE_ATTRIBUTES",
            "what else is said of this instance, `name=value`, comma separated, percent-encoded"),
        ConfigurationKey(
            "OTEL_TRACES_SAMPLER",
            "`always_on`, `always_off`, `traceidratio`, or one of them with `parentbased_` before it",
            default: "parentbased_always_on"),
        ConfigurationKey(
            "OTEL_TRACES_SAMPLER_ARG", "share of traces that `traceidratio` records, 0 to 1", default: "1"),
        ConfigurationKey("OTEL_BSP_SCHEDULE_DELAY", "milliseconds that spans wait for others", default: "5000"),
        ConfigurationKey("OTEL_BSP_MAX_QUEUE_SIZE", "spans that wait at most; more are dropped", default: "2048"),
    ]
}
