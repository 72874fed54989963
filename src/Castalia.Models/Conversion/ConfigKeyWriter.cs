using System.Text.Json.Nodes;
using Castalia.Architectures;

namespace Castalia.Conversion;

/// <summary>Sets keys of a config so that what hangs on them comes out as wanted.</summary>
sealed class ConfigKeyWriter
{
    /// <summary>The config so far.</summary>
    public JsonObject Result { get; } = [];

    /// <summary>A number as JSON: whole where it is.</summary>
    public static JsonNode Number(double value) =>
        value == Math.Floor(value) && Math.Abs(value) < 1e15 ? JsonValue.Create((long)value) : JsonValue.Create(value);

    /// <summary>Sets a key, <c>/</c> for one inside an object.</summary>
    public void Set(string name, JsonNode? value)
    {
        JsonObject at = Result;
        string[] path = name.Split('/');
        foreach (string part in path[..^1])
        {
            if (at[part] is not JsonObject) at[part] = new JsonObject();
            at = at[part]!.AsObject();
        }
        at[path[^1]] = value;
    }

    /// <summary>Makes a flag hold or not, where a key decides.</summary>
    public void Settle(Flag flag, bool wanted)
    {
        switch (flag)
        {
            case Flag.ByKey key:
                Set(key.Name, wanted);
                break;
            case Flag.Unless unless:
                Settle(unless.Other, !wanted);
                break;
            case Flag.All all when wanted:
                foreach (Flag each in all.Each) Settle(each, true);
                break;
            case Flag.All all:
                // One that fails is enough; the last, which in Falcon also allows any number of key/value heads.
                Settle(all.Each[^1], false);
                break;
        }
    }

    /// <summary>Makes a choice fall on a value, where that can be.</summary>
    public void Settle<T>(Choice<T> choice, T wanted)
    {
        if (choice is not Choice<T>.By by) return;
        bool isTrue = CanBe(by.IfTrue, wanted);
        Settle(by.Flag, isTrue);
        Settle(isTrue ? by.IfTrue : by.IfFalse, wanted);
    }

    static bool CanBe<T>(Choice<T> choice, T wanted) => choice switch
    {
        Choice<T>.Always always => Equals(always.Value, wanted),
        Choice<T>.By by => CanBe(by.IfTrue, wanted) || CanBe(by.IfFalse, wanted),
        _ => false,
    };
}
