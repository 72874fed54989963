using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Castalia.Errors;

namespace Castalia.Hub;

/// <summary>What the hub's answers mean: status codes and the headers by which it explains them.</summary>
static partial class HubAnswers
{
    /// <summary>All of the file, the part asked for, or no such part.</summary>
    public static bool IsWanted(HttpStatusCode status) =>
        status is HttpStatusCode.OK or HttpStatusCode.PartialContent or HttpStatusCode.RequestedRangeNotSatisfiable;

    /// <summary>Whether the answer is to be looked for elsewhere.</summary>
    public static bool IsRedirect(HttpStatusCode status) => (int)status is 301 or 302 or 303 or 307 or 308;

    /// <summary>An address as messages show it: its query may hold a signature.</summary>
    public static string Place(Uri url) => url.GetLeftPart(UriPartial.Path);

    /// <summary>A header; null where there is none.</summary>
    public static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? values.First() : null;

    /// <summary>A header that holds a length.</summary>
    public static long? Length(HttpResponseMessage response, string name) =>
        long.TryParse(Header(response, name), NumberStyles.None, CultureInfo.InvariantCulture, out long bytes) ? bytes : null;

    /// <summary>Where a redirect leads.</summary>
    /// <exception cref="InputException">Nowhere, or somewhere it must not.</exception>
    public static Uri Target(HttpResponseMessage response, Uri from, string place)
    {
        if (response.Headers.Location is not { } location) throw HubErrors.BadRedirect(place, "names no target");
        if (!Uri.TryCreate(from, location, out var target) || target.Scheme is not ("https" or "http"))
            throw HubErrors.BadRedirect(place, $"leads to '{HubFileNames.Printable(location.OriginalString)}'");
        if (from.Scheme == "https" && target.Scheme == "http") throw HubErrors.BadRedirect(place, "leads from https to http");
        return target;
    }

    /// <summary>The exception for an answer that is neither wanted nor a redirect.</summary>
    /// <param name="response">The answer.</param>
    /// <param name="place">Its address.</param>
    /// <param name="address">The model.</param>
    /// <param name="file">The file; null for the listing.</param>
    /// <param name="atHome">Whether the hub itself answered, and not a store it redirected to.</param>
    /// <param name="settings">Endpoint and token.</param>
    public static Exception Refusal(HttpResponseMessage response, string place, HubAddress address, string? file, bool atHome, HubSettings settings)
    {
        int status = (int)response.StatusCode;
        string code = Header(response, "X-Error-Code") ?? "", message = HubFileNames.Printable(Header(response, "X-Error-Message") ?? "");
        if (status == 429) return new PassingFault(HubErrors.RateLimited(place, settings.Token is not null), Asked(response));
        if (status is 408 or >= 500) return new PassingFault(HubErrors.ServerFault(place, status, message), Asked(response));
        // A store's refusal is of a signature that has run out; the hub gives a new one.
        if (!atHome && status is 401 or 403) return new PassingFault(HubErrors.StoreRefuses(place, status));
        return (status, code) switch
        {
            (401 or 403, "GatedRepo") => HubErrors.Gated(address, place, settings),
            (401, _) => HubErrors.Unauthorized(address, place, settings.Token is not null),
            (403, _) => HubErrors.Forbidden(address, place, message, settings),
            (404, "RevisionNotFound") => HubErrors.NoRevision(address, place),
            (404, "EntryNotFound") => HubErrors.NoFile(address, file ?? "", place),
            (404, _) => HubErrors.NoRepository(address, place, settings.Token is not null),
            _ => HubErrors.OtherAnswer(place, status, message),
        };
    }

    /// <summary>How long the server asks to wait: by Retry-After, or by the time until its limit is reset; null where it does not say.</summary>
    static TimeSpan? Asked(HttpResponseMessage response)
    {
        var after = response.Headers.RetryAfter;
        var asked = after?.Delta ?? (after?.Date is { } date ? date - DateTimeOffset.UtcNow : null);
        if (asked is null && ResetPattern().Match(Header(response, "RateLimit") ?? "") is { Success: true } reset)
            asked = TimeSpan.FromSeconds(int.Parse(reset.Groups[1].Value, CultureInfo.InvariantCulture));
        return asked < TimeSpan.Zero ? TimeSpan.Zero : asked;
    }

    [GeneratedRegex(@";\s*t=([0-9]{1,6})(?:;|\z)")]
    private static partial Regex ResetPattern();
}
