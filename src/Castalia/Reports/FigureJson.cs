using System.Text.Json.Nodes;
using Castalia.Statistics;

namespace Castalia.Reports;

/// <summary>Statistics as JSON: a value with its n, interval and method, or null with the reason.</summary>
static class FigureJson
{
    /// <summary>A defined figure as an object, an undefined one as {"undefined_because": …}.</summary>
    public static JsonObject Of<T>(Figure<T> figure, Func<T, JsonObject> json) where T : struct =>
        figure.Value is { } value ? json(value) : new() { ["undefined_because"] = figure.UndefinedBecause };

    /// <summary>[low, high]; null where undefined.</summary>
    public static JsonArray? Of(Figure<Interval> interval) => interval.Value is { } i ? Of(i) : null;

    /// <summary>[low, high].</summary>
    public static JsonArray Of(Interval i) => new(i.Low, i.High);

    /// <summary>A number under its own name, or the reason.</summary>
    public static JsonNode Number(Figure<double> figure) =>
        figure.Value is { } value ? JsonValue.Create(value) : new JsonObject { ["undefined_because"] = figure.UndefinedBecause };

    /// <summary>n, coefficient, p, interval and its method.</summary>
    public static JsonObject Of(Figure<Association> association) => Of(association, a => new()
    {
        ["n"] = a.N,
        ["value"] = a.Coefficient,
        ["p"] = a.P,
        ["interval95"] = Of(a.Interval95),
        ["interval95_undefined_because"] = a.Interval95.UndefinedBecause,
        ["method"] = a.Method,
    });

    /// <summary>An estimate of a mean.</summary>
    public static JsonObject Of(Estimate e) => new()
    {
        ["n"] = e.N,
        ["mean"] = Number(e.Mean),
        ["sd"] = Number(e.Sd),
        ["median"] = Number(e.Median),
        ["interval95"] = Of(e.Interval95),
        ["interval95_undefined_because"] = e.Interval95.UndefinedBecause,
        ["method"] = "BCa bootstrap of the mean over prompts",
    };

    /// <summary>Every item in order.</summary>
    public static JsonArray All<T>(IEnumerable<T> items, Func<T, JsonNode?> json) => [.. items.Select(json)];

    /// <summary>Texts in order.</summary>
    public static JsonArray Texts(IEnumerable<string> texts) => All(texts, text => text);
}
