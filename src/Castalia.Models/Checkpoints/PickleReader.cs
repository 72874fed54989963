using Castalia.Errors;
using static Castalia.Checkpoints.PickleOpcodes;

namespace Castalia.Checkpoints;

/// <summary>Reads one pickle of protocol 2 to 5 with a machine that can build lists, dictionaries and tensors and do nothing else.</summary>
/// <remarks>
/// Python's own reader calls whatever function a pickle names. This one knows the opcodes of <see cref="PickleOpcodes"/>, and of names and
/// calls only what <see cref="TorchObjects"/> lists; all else is an error. Values are built from below and never walked in depth, so a
/// structure that holds itself does no harm.
/// </remarks>
sealed class PickleReader
{
    const int MostValues = 1 << 16, MostMarks = 64, MostMemos = 1 << 22;

    readonly MappedFile _file;
    readonly PickleBytes _bytes;
    readonly TorchObjects _objects;
    readonly List<object?> _stack = [];
    readonly Stack<int> _marks = [];
    readonly Dictionary<uint, object?> _memo = [];
    long _at; // of the opcode being obeyed

    PickleReader(MappedFile file, long start, long end, TorchObjects objects) =>
        (_file, _bytes, _objects, _at) = (file, new(file, start, end), objects, start);

    /// <summary>The value of the pickle that begins at <paramref name="start"/>, and where the next byte is.</summary>
    /// <exception cref="InputException">Anything but the pickle of plain values and tensors.</exception>
    public static (object? Value, long End) Read(MappedFile file, long start, long end, TorchObjects objects)
    {
        var reader = new PickleReader(file, start, end, objects);
        reader.Protocol();
        while (!reader.Step()) { }
        return (reader.Result(), reader._bytes.Offset);
    }

    void Protocol()
    {
        if (_bytes.U8() != Proto) throw Malformed("This is not a pickle of protocol 2 or later.");
        byte protocol = _bytes.U8();
        if (protocol is < 2 or > 5) throw Malformed($"Pickle protocol {protocol} is not read; 2 to 5 are.");
    }

    /// <summary>Obeys one opcode; true at the end of the pickle.</summary>
    bool Step()
    {
        _at = _bytes.Offset;
        byte opcode = _bytes.U8();
        switch (opcode)
        {
            case Stop: return true;
            case Frame: _bytes.Frame(); break;
            case Mark: PushMark(); break;
            case None: Push(null); break;
            case NewTrue: Push(true); break;
            case NewFalse: Push(false); break;
            case BinInt: Push((long)_bytes.I32()); break;
            case BinInt1: Push((long)_bytes.U8()); break;
            case BinInt2: Push((long)_bytes.U16()); break;
            case Long1: Push(_bytes.Integer(_bytes.U8())); break;
            case BinFloat: Push(_bytes.F64()); break;
            case BinUnicode: Push(_bytes.Text(_bytes.U32())); break;
            case ShortBinUnicode: Push(_bytes.Text(_bytes.U8())); break;
            case EmptyTuple: Push(PickleTuple.Empty); break;
            case PickleOpcodes.Tuple: Push(new PickleTuple(PopToMark())); break;
            case Tuple1: Push(new PickleTuple(Pop(1))); break;
            case Tuple2: Push(new PickleTuple(Pop(2))); break;
            case Tuple3: Push(new PickleTuple(Pop(3))); break;
            case EmptyList: Push(new PickleList()); break;
            case Append: AppendTo(Pop(1)); break;
            case Appends: AppendTo(PopToMark()); break;
            case EmptyDict: Push(new PickleDict(ordered: false)); break;
            case SetItem: SetIn(Pop(2)); break;
            case SetItems: SetIn(PopToMark()); break;
            case BinPut: Remember(_bytes.U8()); break;
            case LongBinPut: Remember(_bytes.U32()); break;
            case Memoize: Remember((uint)_memo.Count); break;
            case BinGet: Push(Remembered(_bytes.U8())); break;
            case LongBinGet: Push(Remembered(_bytes.U32())); break;
            case Global: Push(_objects.Global(_bytes.Line(), _bytes.Line(), _at)); break;
            case StackGlobal: Push(Named(Pop(2))); break;
            case Reduce: Push(Called(Pop(2))); break;
            case Build: SetState(Pop(1)[0]); break;
            case BinPersId: Push(_objects.Storage(Pop(1)[0], _at)); break;
            case Proto: throw Malformed("The pickle names its protocol a second time.");
            default: throw PickleErrors.Opcode(_file.Path, _at, Shown(opcode));
        }
        return false;
    }

    object? Result() => _stack.Count == 1 && _marks.Count == 0
        ? _stack[0]
        : throw Malformed($"The pickle ends with {_stack.Count} values and {_marks.Count} marks on its stack; expected one value.");

    void Push(object? value)
    {
        if (_stack.Count == MostValues) throw PickleErrors.Limit(_file.Path, _at, $"The pickle piles up more than {MostValues} values.");
        _stack.Add(value);
    }

    void PushMark()
    {
        if (_marks.Count == MostMarks) throw PickleErrors.Limit(_file.Path, _at, $"The pickle nests deeper than {MostMarks}.");
        _marks.Push(_stack.Count);
    }

    object?[] Pop(int count)
    {
        int floor = _marks.Count > 0 ? _marks.Peek() : 0;
        if (_stack.Count - floor < count) throw Malformed("An opcode takes more values than there are.");
        return Cut(_stack.Count - count);
    }

    object?[] PopToMark() => _marks.Count > 0 ? Cut(_marks.Pop()) : throw Malformed("An opcode looks for a mark, and there is none.");

    object?[] Cut(int from)
    {
        object?[] values = [.. _stack[from..]];
        _stack.RemoveRange(from, values.Length);
        return values;
    }

    object? Top()
    {
        object? top = Pop(1)[0];
        _stack.Add(top);
        return top;
    }

    void AppendTo(object?[] values)
    {
        if (Top() is not PickleList list) throw Malformed($"Entries are appended to {PickleValues.Describe(Top())}; expected a list.");
        list.Items.AddRange(values);
    }

    void SetIn(object?[] pairs)
    {
        if (Top() is not PickleDict dict) throw Malformed($"Entries are set in {PickleValues.Describe(Top())}; expected a dictionary.");
        if (pairs.Length % 2 != 0) throw Malformed("A dictionary is given a key without a value.");
        for (int i = 0; i < pairs.Length; i += 2)
        {
            if (pairs[i] is not (string or long or double or bool)) throw Malformed($"A dictionary has {PickleValues.Describe(pairs[i])} for a key.");
            if (!dict.Items.TryAdd(pairs[i]!, pairs[i + 1])) throw Malformed($"A dictionary has the key '{pairs[i]}' twice.");
        }
    }

    /// <summary>Attributes of an object: only those that torch gives a module's state are known, and they change no tensor.</summary>
    void SetState(object? state)
    {
        if (Top() is not PickleDict { Ordered: true }) throw Malformed($"A state is given to {PickleValues.Describe(Top())}.");
        if (state is not PickleDict attributes || attributes.Items.Keys.Any(key => key is not "_metadata"))
            throw Malformed("An OrderedDict has attributes other than '_metadata'.");
    }

    void Remember(uint place)
    {
        if (_memo.Count == MostMemos) throw PickleErrors.Limit(_file.Path, _at, $"The pickle remembers more than {MostMemos} values.");
        _memo[place] = Top();
    }

    object? Remembered(uint place) =>
        _memo.TryGetValue(place, out object? value) ? value : throw Malformed($"Value {place} is recalled, and none was remembered.");

    PickleGlobal Named(object?[] names) => names is [string module, string name]
        ? _objects.Global(module, name, _at)
        : throw Malformed("A name is not given as two texts.");

    object Called(object?[] call) => call is [PickleGlobal function, PickleTuple arguments]
        ? _objects.Call(function, arguments.Items, _at)
        : throw Malformed($"{PickleValues.Describe(call[0])} is called with {PickleValues.Describe(call[1])}.");

    InputException Malformed(string cause) => PickleErrors.Malformed(_file.Path, _at, cause);
}
